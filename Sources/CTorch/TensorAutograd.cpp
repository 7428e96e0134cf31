// Automatic differentiation: leaves, gradients, backward.
#if __has_include(<ATen/ATen.h>)

#include "TensorHandle.h"

extern "C" {

bool ht_require_grad(ht_tensor *t, bool on) { HT_DO(t->value.requires_grad_(on);) }
bool ht_requires_grad(const ht_tensor *t) { return t->value.requires_grad(); }
bool ht_has_graph(const ht_tensor *t) { HT_GUARD(false, return t->value.requires_grad() && !t->value.is_leaf();) }
bool ht_has_grad(const ht_tensor *t) { HT_GUARD(false, return t->value.is_leaf() && t->value.grad().defined();) }

ht_tensor *ht_grad(const ht_tensor *t) {
    HT_GUARD(nullptr, {
        TORCH_CHECK(t->value.is_leaf() && t->value.grad().defined(), "the tensor has collected no gradient");
        return ht::wrap(t->value.grad());
    })
}

bool ht_clear_grad(ht_tensor *t) { HT_DO(t->value.mutable_grad().reset();) }

bool ht_accumulate_grad(ht_tensor *t, const ht_tensor *gradient) {
    HT_DO({
        at::NoGradGuard guard;
        TORCH_CHECK(
            t->value.sizes() == gradient->value.sizes(), "found a gradient of shape ", gradient->value.sizes(),
            ", expected ", t->value.sizes());
        at::Tensor &held = t->value.mutable_grad();
        if (held.defined()) {
            held.add_(gradient->value);
        } else {
            held = gradient->value.detach().clone();
        }
    })
}

bool ht_backward(const ht_tensor *t, const ht_tensor *seed, bool keep_graph) {
    HT_DO(t->value.backward(ht::maybe(seed), keep_graph);)
}

ht_tensor *ht_detach(const ht_tensor *t) { HT_TENSOR(t->value.detach()) }

}  // extern "C"
#endif
