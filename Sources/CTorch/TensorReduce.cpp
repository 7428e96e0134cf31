// Reductions, and whole-tensor sums whose bits do not depend on the thread count.
#if __has_include(<ATen/ATen.h>)

#include <cmath>
#include <tuple>

#include "TensorHandle.h"
#include "TensorTypes.h"

namespace ht {
namespace {

// libtorch splits the sum of a large tensor into one part per thread. Rows of a fixed width are summed by one thread
// each, so summing rows first makes the result the same for any number of threads.
constexpr int64_t blockWidth = 4096;

template <typename Rows, typename All>
at::Tensor blockwise(const at::Tensor &t, const Rows &rows, const All &all) {
    at::Tensor flat = t.reshape({-1});
    while (flat.numel() > blockWidth) {
        const int64_t whole = flat.numel() / blockWidth * blockWidth;
        at::Tensor part = rows(flat.narrow(0, 0, whole).view({-1, blockWidth}));
        if (whole < flat.numel()) {
            part = at::cat({part, all(flat.narrow(0, whole, flat.numel() - whole)).reshape({1})});
        }
        flat = part;
    }
    return all(flat);
}

at::Tensor sum(const at::Tensor &t) {
    return blockwise(
        t, [](const at::Tensor &x) { return at::sum(x, at::IntArrayRef{1}); },
        [](const at::Tensor &x) { return at::sum(x); });
}

at::Tensor norm(const at::Tensor &t) {
    return blockwise(
        t, [](const at::Tensor &x) { return at::linalg_vector_norm(x, 2, at::IntArrayRef{1}); },
        [](const at::Tensor &x) { return at::linalg_vector_norm(x, 2); });
}

bool two(std::tuple<at::Tensor, at::Tensor> pair, ht_tensor **first, ht_tensor **second) {
    ht_tensor *made = wrap(std::get<0>(pair));
    try {
        *second = wrap(std::get<1>(pair));
    } catch (...) {
        delete made;
        throw;
    }
    *first = made;
    return true;
}

}  // namespace
}  // namespace ht

extern "C" {

ht_tensor *ht_sum(const ht_tensor *t) { HT_TENSOR(ht::sum(t->value)) }

ht_tensor *ht_mean(const ht_tensor *t) {
    HT_TENSOR(at::div(ht::sum(t->value), static_cast<double>(t->value.numel())))
}

ht_tensor *ht_sum_dim(const ht_tensor *t, const int64_t *dims, int n, bool keep) {
    HT_TENSOR(at::sum(t->value, ht::dims(dims, n), keep))
}

ht_tensor *ht_mean_dim(const ht_tensor *t, const int64_t *dims, int n, bool keep) {
    HT_TENSOR(at::mean(t->value, ht::dims(dims, n), keep))
}

ht_tensor *ht_var_dim(const ht_tensor *t, int64_t dim, int64_t correction, bool keep) {
    HT_TENSOR(at::var(t->value, at::IntArrayRef{dim}, at::Scalar(correction), keep))
}

bool ht_max_dim(const ht_tensor *t, int64_t dim, bool keep, ht_tensor **values, ht_tensor **indices) {
    HT_GUARD(false, return ht::two(at::max(t->value, dim, keep), values, indices);)
}

bool ht_min_dim(const ht_tensor *t, int64_t dim, bool keep, ht_tensor **values, ht_tensor **indices) {
    HT_GUARD(false, return ht::two(at::min(t->value, dim, keep), values, indices);)
}

ht_tensor *ht_max(const ht_tensor *t) { HT_TENSOR(at::max(t->value)) }
ht_tensor *ht_min(const ht_tensor *t) { HT_TENSOR(at::min(t->value)) }
ht_tensor *ht_norm(const ht_tensor *t) { HT_TENSOR(ht::norm(t->value)) }

ht_tensor *ht_norm_dim(const ht_tensor *t, int64_t dim, bool keep) {
    HT_TENSOR(at::linalg_vector_norm(t->value, 2, at::IntArrayRef{dim}, keep))
}

ht_tensor *ht_argmax(const ht_tensor *t, int64_t dim, bool keep) { HT_TENSOR(at::argmax(t->value, dim, keep)) }
ht_tensor *ht_softmax(const ht_tensor *t, int64_t dim) { HT_TENSOR(at::softmax(t->value, dim)) }
ht_tensor *ht_log_softmax(const ht_tensor *t, int64_t dim) { HT_TENSOR(at::log_softmax(t->value, dim)) }

ht_tensor *ht_logsumexp(const ht_tensor *t, int64_t dim, bool keep) {
    HT_TENSOR(at::logsumexp(t->value, at::IntArrayRef{dim}, keep))
}

ht_tensor *ht_cumsum(const ht_tensor *t, int64_t dim) { HT_TENSOR(at::cumsum(t->value, dim)) }
ht_tensor *ht_any_dim(const ht_tensor *t, int64_t dim, bool keep) { HT_TENSOR(at::any(t->value, dim, keep)) }
ht_tensor *ht_all_dim(const ht_tensor *t, int64_t dim, bool keep) { HT_TENSOR(at::all(t->value, dim, keep)) }

bool ht_topk(const ht_tensor *t, int64_t k, int64_t dim, bool largest, ht_tensor **values, ht_tensor **indices) {
    HT_GUARD(false, return ht::two(at::topk(t->value, k, dim, largest, true), values, indices);)
}

bool ht_sort(const ht_tensor *t, int64_t dim, bool descending, ht_tensor **values, ht_tensor **indices) {
    HT_GUARD(false, return ht::two(at::sort(t->value, std::optional<bool>(true), dim, descending), values, indices);)
}

bool ht_all_finite(const ht_tensor *t, bool *answer) {
    HT_DO(*answer = at::isfinite(t->value).all().item<bool>();)
}

}  // extern "C"
#endif
