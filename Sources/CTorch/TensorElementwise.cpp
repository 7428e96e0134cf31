// Elementwise operations.
#if __has_include(<ATen/ATen.h>)

#include <ATen/ScalarOps.h>

#include "TensorHandle.h"
#include "TensorTypes.h"

#define UNARY(name) \
    ht_tensor *ht_##name(const ht_tensor *t) { HT_TENSOR(at::name(t->value)) }
#define BINARY(name, function) \
    ht_tensor *ht_##name(const ht_tensor *a, const ht_tensor *b) { HT_TENSOR(at::function(a->value, b->value)) }
#define WITH_SCALAR(name, function) \
    ht_tensor *ht_##name##_s(const ht_tensor *a, double s) { HT_TENSOR(at::function(a->value, ht::scalar(s))) }

namespace ht {
namespace {
// A whole number stays one, so that an int64 tensor plus 1 is int64 and not float32.
at::Scalar scalar(double s) {
    const double limit = 9007199254740992.0;
    if (s >= -limit && s <= limit && s == static_cast<double>(static_cast<int64_t>(s))) {
        return at::Scalar(static_cast<int64_t>(s));
    }
    return at::Scalar(s);
}
}  // namespace
}  // namespace ht

extern "C" {

BINARY(add, add)
BINARY(sub, sub)
BINARY(mul, mul)
BINARY(div, div)
BINARY(minimum, minimum)
BINARY(maximum, maximum)
BINARY(pow, pow)
BINARY(eq, eq)
BINARY(ne, ne)
BINARY(gt, gt)
BINARY(ge, ge)
BINARY(lt, lt)
BINARY(le, le)
BINARY(logical_and, logical_and)
BINARY(logical_or, logical_or)

WITH_SCALAR(add, add)
WITH_SCALAR(mul, mul)
WITH_SCALAR(div, div)
WITH_SCALAR(rsub, rsub)
WITH_SCALAR(pow, pow)
WITH_SCALAR(eq, eq)
WITH_SCALAR(ne, ne)
WITH_SCALAR(gt, gt)
WITH_SCALAR(ge, ge)
WITH_SCALAR(lt, lt)
WITH_SCALAR(le, le)

ht_tensor *ht_rdiv_s(const ht_tensor *a, double s) {
    HT_TENSOR(at::div(at::native::wrapped_scalar_tensor(ht::scalar(s)), a->value))
}

UNARY(neg)
UNARY(exp)
UNARY(expm1)
UNARY(log)
UNARY(log1p)
UNARY(sqrt)
UNARY(rsqrt)
UNARY(square)
UNARY(reciprocal)
UNARY(abs)
UNARY(sign)
UNARY(floor)
UNARY(round)
UNARY(sin)
UNARY(cos)
UNARY(erf)
UNARY(tanh)
UNARY(sigmoid)
UNARY(log_sigmoid)
UNARY(softplus)
UNARY(relu)
UNARY(silu)
UNARY(isfinite)
UNARY(logical_not)

ht_tensor *ht_silu_mul(const ht_tensor *gate, const ht_tensor *up) {
    HT_TENSOR(at::mul(at::silu(gate->value), up->value))
}

ht_tensor *ht_gelu(const ht_tensor *t, bool approximate) {
    HT_TENSOR(at::gelu(t->value, approximate ? "tanh" : "none"))
}

ht_tensor *ht_clamp(const ht_tensor *t, const double *minimum, const double *maximum) {
    HT_GUARD(nullptr, {
        std::optional<at::Scalar> low;
        std::optional<at::Scalar> high;
        if (minimum != nullptr) { low = ht::scalar(*minimum); }
        if (maximum != nullptr) { high = ht::scalar(*maximum); }
        return ht::wrap(at::clamp(t->value, low, high));
    })
}

ht_tensor *ht_where(const ht_tensor *condition, const ht_tensor *a, const ht_tensor *b) {
    HT_TENSOR(at::where(condition->value, a->value, b->value))
}

ht_tensor *ht_masked_fill(const ht_tensor *t, const ht_tensor *mask, double value) {
    HT_TENSOR(at::masked_fill(t->value, mask->value, ht::scalar(value)))
}

bool ht_add_(ht_tensor *t, const ht_tensor *a, double factor) { HT_DO(t->value.add_(a->value, ht::scalar(factor));) }
bool ht_mul_s_(ht_tensor *t, double s) { HT_DO(t->value.mul_(ht::scalar(s));) }
bool ht_fill_(ht_tensor *t, double value) { HT_DO(t->value.fill_(ht::scalar(value));) }

}  // extern "C"
#endif
