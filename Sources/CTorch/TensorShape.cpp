// Shapes and indices.
#if __has_include(<ATen/ATen.h>)

#include "TensorHandle.h"
#include "TensorTypes.h"

extern "C" {

ht_tensor *ht_reshape(const ht_tensor *t, const int64_t *shape, int rank) {
    HT_TENSOR(at::reshape(t->value, ht::dims(shape, rank)))
}

ht_tensor *ht_permute(const ht_tensor *t, const int64_t *dims, int n) {
    HT_TENSOR(at::permute(t->value, ht::dims(dims, n)))
}

ht_tensor *ht_transpose(const ht_tensor *t, int64_t a, int64_t b) { HT_TENSOR(at::transpose(t->value, a, b)) }

ht_tensor *ht_narrow(const ht_tensor *t, int64_t dim, int64_t start, int64_t length) {
    HT_TENSOR(at::narrow(t->value, dim, start, length))
}

ht_tensor *ht_select(const ht_tensor *t, int64_t dim, int64_t index) { HT_TENSOR(at::select(t->value, dim, index)) }
ht_tensor *ht_unsqueeze(const ht_tensor *t, int64_t dim) { HT_TENSOR(at::unsqueeze(t->value, dim)) }
ht_tensor *ht_squeeze(const ht_tensor *t, int64_t dim) { HT_TENSOR(at::squeeze(t->value, dim)) }

ht_tensor *ht_expand(const ht_tensor *t, const int64_t *shape, int rank) {
    HT_TENSOR(t->value.expand(ht::dims(shape, rank)))
}

ht_tensor *ht_repeat_interleave(const ht_tensor *t, int64_t count, int64_t dim) {
    HT_TENSOR(at::repeat_interleave(t->value, count, std::optional<int64_t>(dim)))
}

ht_tensor *ht_cat(const ht_tensor *const *tensors, int n, int64_t dim) {
    HT_TENSOR(at::cat(ht::list(tensors, n), dim))
}

ht_tensor *ht_stack(const ht_tensor *const *tensors, int n, int64_t dim) {
    HT_TENSOR(at::stack(ht::list(tensors, n), dim))
}

ht_tensor *ht_contiguous(const ht_tensor *t) { HT_TENSOR(t->value.contiguous()) }

ht_tensor *ht_index_select(const ht_tensor *t, int64_t dim, const ht_tensor *index) {
    HT_TENSOR(at::index_select(t->value, dim, index->value))
}

ht_tensor *ht_index_add(const ht_tensor *t, int64_t dim, const ht_tensor *index, const ht_tensor *source) {
    HT_TENSOR(at::index_add(t->value, dim, index->value, source->value))
}

bool ht_index_copy_(ht_tensor *t, int64_t dim, const ht_tensor *index, const ht_tensor *source) {
    HT_DO(t->value.index_copy_(dim, index->value, source->value);)
}

ht_tensor *ht_gather(const ht_tensor *t, int64_t dim, const ht_tensor *index) {
    HT_TENSOR(at::gather(t->value, dim, index->value))
}

ht_tensor *ht_scatter(const ht_tensor *t, int64_t dim, const ht_tensor *index, const ht_tensor *source) {
    HT_TENSOR(at::scatter(t->value, dim, index->value, source->value))
}

ht_tensor *ht_scatter_add(const ht_tensor *t, int64_t dim, const ht_tensor *index, const ht_tensor *source) {
    HT_TENSOR(at::scatter_add(t->value, dim, index->value, source->value))
}

ht_tensor *ht_one_hot(const ht_tensor *index, int64_t classes) { HT_TENSOR(at::one_hot(index->value, classes)) }
ht_tensor *ht_tril(const ht_tensor *t, int64_t diagonal) { HT_TENSOR(at::tril(t->value, diagonal)) }
ht_tensor *ht_triu(const ht_tensor *t, int64_t diagonal) { HT_TENSOR(at::triu(t->value, diagonal)) }
ht_tensor *ht_flip(const ht_tensor *t, int64_t dim) { HT_TENSOR(at::flip(t->value, at::IntArrayRef{dim})) }

}  // extern "C"
#endif
