// Products, norms, attention, losses and the optimiser.
#if __has_include(<ATen/ATen.h>)

#include <cmath>

#include "TensorHandle.h"
#include "TensorTypes.h"

namespace ht {
namespace {

std::optional<at::Tensor> optional(const ht_tensor *t) {
    return t == nullptr ? std::nullopt : std::optional<at::Tensor>(t->value);
}

// Eight fixed lanes: the compiler may use vectors, and the order of additions never changes.
template <typename Element>
double sumOfSquares(const Element *values, int64_t n) {
    double lanes[8] = {};
    int64_t i = 0;
    for (; i + 8 <= n; i += 8) {
        for (int64_t j = 0; j < 8; ++j) {
            const double x = static_cast<double>(values[i + j]);
            lanes[j] += x * x;
        }
    }
    for (; i < n; ++i) {
        const double x = static_cast<double>(values[i]);
        lanes[0] += x * x;
    }
    return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
}

double sumOfSquares(const at::Tensor &t) {
    if (!t.is_cpu()) { return t.detach().to(at::kDouble).square().sum().item<double>(); }
    const at::Tensor flat = t.detach().contiguous();
    if (flat.scalar_type() == at::kFloat) { return sumOfSquares(flat.const_data_ptr<float>(), flat.numel()); }
    const at::Tensor wide = flat.to(at::kDouble);
    return sumOfSquares(wide.const_data_ptr<double>(), wide.numel());
}

}  // namespace
}  // namespace ht

extern "C" {

ht_tensor *ht_matmul(const ht_tensor *a, const ht_tensor *b) { HT_TENSOR(at::matmul(a->value, b->value)) }

ht_tensor *ht_linear(const ht_tensor *x, const ht_tensor *w, const ht_tensor *bias) {
    HT_TENSOR(at::linear(x->value, w->value, ht::optional(bias)))
}

ht_tensor *ht_addmm(const ht_tensor *bias, const ht_tensor *a, const ht_tensor *b) {
    HT_TENSOR(at::addmm(bias->value, a->value, b->value))
}

ht_tensor *ht_einsum(const char *equation, const ht_tensor *const *tensors, int n) {
    HT_TENSOR(at::einsum(equation, ht::list(tensors, n)))
}

ht_tensor *ht_embedding(const ht_tensor *table, const ht_tensor *index) {
    HT_TENSOR(at::embedding(table->value, index->value))
}

ht_tensor *ht_rms_norm(const ht_tensor *x, const ht_tensor *w, double eps) {
    HT_TENSOR(at::rms_norm(x->value, at::IntArrayRef{x->value.size(-1)}, ht::optional(w), eps))
}

ht_tensor *ht_layer_norm(const ht_tensor *x, const ht_tensor *w, const ht_tensor *b, double eps) {
    HT_TENSOR(at::layer_norm(x->value, at::IntArrayRef{x->value.size(-1)}, ht::optional(w), ht::optional(b), eps))
}

ht_tensor *ht_sdpa(
    const ht_tensor *q, const ht_tensor *k, const ht_tensor *v, const ht_tensor *mask, bool causal, double scale) {
    HT_TENSOR(at::scaled_dot_product_attention(
        q->value, k->value, v->value, ht::optional(mask), 0.0, causal,
        scale == 0 ? std::nullopt : std::optional<double>(scale), q->value.size(-3) != k->value.size(-3)))
}

ht_tensor *ht_nll(const ht_tensor *logits, const ht_tensor *targets) {
    HT_GUARD(nullptr, {
        const int64_t width = logits->value.size(-1);
        at::Tensor flat = targets->value.reshape({-1});
        flat = at::where(flat < 0, at::full({}, -100, at::kLong), flat);
        const at::Tensor loss = at::cross_entropy_loss(
            logits->value.reshape({-1, width}), flat, std::nullopt, at::Reduction::None, -100);
        return ht::wrap(loss.reshape(targets->value.sizes()));
    })
}

ht_tensor *ht_conv2d(
    const ht_tensor *x, const ht_tensor *w, const ht_tensor *bias, int64_t stride, int64_t padding, int64_t groups) {
    HT_TENSOR(at::conv2d(
        x->value, w->value, ht::optional(bias), at::IntArrayRef{stride, stride}, at::IntArrayRef{padding, padding},
        at::IntArrayRef{1, 1}, groups))
}

// MARK: Optimiser

bool ht_adamw_(
    ht_tensor *const *p, ht_tensor *const *g, ht_tensor *const *m, ht_tensor *const *v, ht_tensor *const *step, int n,
    double lr, double beta1, double beta2, double decay, double eps) {
    HT_DO({
        at::NoGradGuard guard;
        std::vector<at::Tensor> steps = ht::list(step, n);
        for (at::Tensor &count : steps) { count.add_(1); }
        at::_fused_adamw_(
            ht::list(p, n), ht::list(g, n), ht::list(m, n), ht::list(v, n), {}, steps, lr, beta1, beta2, decay, eps,
            false, false);
    })
}

bool ht_global_norm(const ht_tensor *const *tensors, int n, double *norm) {
    HT_DO({
        double total = 0;
        for (int i = 0; i < n; ++i) { total += ht::sumOfSquares(tensors[i]->value); }
        *norm = std::sqrt(total);
    })
}

bool ht_scale_all_(ht_tensor *const *tensors, int n, double factor) {
    HT_DO({
        at::NoGradGuard guard;
        for (int i = 0; i < n; ++i) { tensors[i]->value.mul_(factor); }
    })
}

bool ht_ema_(ht_tensor *const *to, const ht_tensor *const *from, int n, double decay) {
    HT_DO({
        at::NoGradGuard guard;
        for (int i = 0; i < n; ++i) { to[i]->value.mul_(decay).add_(from[i]->value, 1 - decay); }
    })
}

}  // extern "C"
#endif
