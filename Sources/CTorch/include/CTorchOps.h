// Operations: elementwise, reductions, shapes, layers, optimiser. Conventions as in CTorch.h; broadcasting as in libtorch.
#pragma once

#include "CTorch.h"

#ifdef __cplusplus
extern "C" {
#endif

// MARK: Elementwise

ht_tensor *ht_add(const ht_tensor *a, const ht_tensor *b);
ht_tensor *ht_sub(const ht_tensor *a, const ht_tensor *b);
ht_tensor *ht_mul(const ht_tensor *a, const ht_tensor *b);
ht_tensor *ht_div(const ht_tensor *a, const ht_tensor *b);
ht_tensor *ht_minimum(const ht_tensor *a, const ht_tensor *b);
ht_tensor *ht_maximum(const ht_tensor *a, const ht_tensor *b);
ht_tensor *ht_add_s(const ht_tensor *a, double s);
ht_tensor *ht_mul_s(const ht_tensor *a, double s);
ht_tensor *ht_div_s(const ht_tensor *a, double s);
/// s - a
ht_tensor *ht_rsub_s(const ht_tensor *a, double s);
/// s / a
ht_tensor *ht_rdiv_s(const ht_tensor *a, double s);
ht_tensor *ht_pow_s(const ht_tensor *a, double s);
ht_tensor *ht_pow(const ht_tensor *a, const ht_tensor *b);
ht_tensor *ht_neg(const ht_tensor *t);
ht_tensor *ht_exp(const ht_tensor *t);
ht_tensor *ht_expm1(const ht_tensor *t);
ht_tensor *ht_log(const ht_tensor *t);
ht_tensor *ht_log1p(const ht_tensor *t);
ht_tensor *ht_sqrt(const ht_tensor *t);
ht_tensor *ht_rsqrt(const ht_tensor *t);
ht_tensor *ht_square(const ht_tensor *t);
ht_tensor *ht_reciprocal(const ht_tensor *t);
ht_tensor *ht_abs(const ht_tensor *t);
ht_tensor *ht_sign(const ht_tensor *t);
ht_tensor *ht_floor(const ht_tensor *t);
ht_tensor *ht_round(const ht_tensor *t);
ht_tensor *ht_sin(const ht_tensor *t);
ht_tensor *ht_cos(const ht_tensor *t);
ht_tensor *ht_erf(const ht_tensor *t);
ht_tensor *ht_tanh(const ht_tensor *t);
ht_tensor *ht_sigmoid(const ht_tensor *t);
ht_tensor *ht_log_sigmoid(const ht_tensor *t);
ht_tensor *ht_softplus(const ht_tensor *t);
ht_tensor *ht_relu(const ht_tensor *t);
ht_tensor *ht_silu(const ht_tensor *t);
/// silu(gate) * up
ht_tensor *ht_silu_mul(const ht_tensor *gate, const ht_tensor *up);
/// The Gaussian error linear unit; exact, or its tanh approximation.
ht_tensor *ht_gelu(const ht_tensor *t, bool approximate);
ht_tensor *ht_clamp(const ht_tensor *t, const double *minimum, const double *maximum);
ht_tensor *ht_isfinite(const ht_tensor *t);
ht_tensor *ht_eq(const ht_tensor *a, const ht_tensor *b);
ht_tensor *ht_ne(const ht_tensor *a, const ht_tensor *b);
ht_tensor *ht_gt(const ht_tensor *a, const ht_tensor *b);
ht_tensor *ht_ge(const ht_tensor *a, const ht_tensor *b);
ht_tensor *ht_lt(const ht_tensor *a, const ht_tensor *b);
ht_tensor *ht_le(const ht_tensor *a, const ht_tensor *b);
ht_tensor *ht_eq_s(const ht_tensor *a, double s);
ht_tensor *ht_ne_s(const ht_tensor *a, double s);
ht_tensor *ht_gt_s(const ht_tensor *a, double s);
ht_tensor *ht_ge_s(const ht_tensor *a, double s);
ht_tensor *ht_lt_s(const ht_tensor *a, double s);
ht_tensor *ht_le_s(const ht_tensor *a, double s);
ht_tensor *ht_logical_and(const ht_tensor *a, const ht_tensor *b);
ht_tensor *ht_logical_or(const ht_tensor *a, const ht_tensor *b);
ht_tensor *ht_logical_not(const ht_tensor *t);
ht_tensor *ht_where(const ht_tensor *condition, const ht_tensor *a, const ht_tensor *b);
/// `t` with `value` where `mask` is true.
ht_tensor *ht_masked_fill(const ht_tensor *t, const ht_tensor *mask, double value);
/// t += factor * a, in place.
bool ht_add_(ht_tensor *t, const ht_tensor *a, double factor);
/// t *= s, in place.
bool ht_mul_s_(ht_tensor *t, double s);
/// t = value everywhere, in place.
bool ht_fill_(ht_tensor *t, double value);

// MARK: Reductions

/// The sum of all elements, added in fixed blocks so that its bits do not depend on the thread count.
ht_tensor *ht_sum(const ht_tensor *t);
/// `ht_sum` divided by the number of elements.
ht_tensor *ht_mean(const ht_tensor *t);
ht_tensor *ht_sum_dim(const ht_tensor *t, const int64_t *dims, int n, bool keep);
ht_tensor *ht_mean_dim(const ht_tensor *t, const int64_t *dims, int n, bool keep);
/// The variance over one dimension; divided by count - correction.
ht_tensor *ht_var_dim(const ht_tensor *t, int64_t dim, int64_t correction, bool keep);
bool ht_max_dim(const ht_tensor *t, int64_t dim, bool keep, ht_tensor **values, ht_tensor **indices);
bool ht_min_dim(const ht_tensor *t, int64_t dim, bool keep, ht_tensor **values, ht_tensor **indices);
ht_tensor *ht_max(const ht_tensor *t);
ht_tensor *ht_min(const ht_tensor *t);
/// The Euclidean norm of all elements, in fixed blocks.
ht_tensor *ht_norm(const ht_tensor *t);
ht_tensor *ht_norm_dim(const ht_tensor *t, int64_t dim, bool keep);
ht_tensor *ht_argmax(const ht_tensor *t, int64_t dim, bool keep);
ht_tensor *ht_softmax(const ht_tensor *t, int64_t dim);
ht_tensor *ht_log_softmax(const ht_tensor *t, int64_t dim);
ht_tensor *ht_logsumexp(const ht_tensor *t, int64_t dim, bool keep);
ht_tensor *ht_cumsum(const ht_tensor *t, int64_t dim);
ht_tensor *ht_any_dim(const ht_tensor *t, int64_t dim, bool keep);
ht_tensor *ht_all_dim(const ht_tensor *t, int64_t dim, bool keep);
bool ht_topk(const ht_tensor *t, int64_t k, int64_t dim, bool largest, ht_tensor **values, ht_tensor **indices);
/// A stable sort.
bool ht_sort(const ht_tensor *t, int64_t dim, bool descending, ht_tensor **values, ht_tensor **indices);
/// Stores whether every element is finite.
bool ht_all_finite(const ht_tensor *t, bool *answer);

// MARK: Shapes and indices

ht_tensor *ht_reshape(const ht_tensor *t, const int64_t *shape, int rank);
ht_tensor *ht_permute(const ht_tensor *t, const int64_t *dims, int n);
ht_tensor *ht_transpose(const ht_tensor *t, int64_t a, int64_t b);
ht_tensor *ht_narrow(const ht_tensor *t, int64_t dim, int64_t start, int64_t length);
ht_tensor *ht_select(const ht_tensor *t, int64_t dim, int64_t index);
ht_tensor *ht_unsqueeze(const ht_tensor *t, int64_t dim);
ht_tensor *ht_squeeze(const ht_tensor *t, int64_t dim);
ht_tensor *ht_expand(const ht_tensor *t, const int64_t *shape, int rank);
ht_tensor *ht_repeat_interleave(const ht_tensor *t, int64_t count, int64_t dim);
ht_tensor *ht_cat(const ht_tensor *const *tensors, int n, int64_t dim);
ht_tensor *ht_stack(const ht_tensor *const *tensors, int n, int64_t dim);
ht_tensor *ht_contiguous(const ht_tensor *t);
ht_tensor *ht_index_select(const ht_tensor *t, int64_t dim, const ht_tensor *index);
/// `t` with the rows of `source` added at `index` along `dim`.
ht_tensor *ht_index_add(const ht_tensor *t, int64_t dim, const ht_tensor *index, const ht_tensor *source);
/// The rows of `t` at `index` along `dim` become those of `source`, in place; an index that comes twice keeps one of its rows.
bool ht_index_copy_(ht_tensor *t, int64_t dim, const ht_tensor *index, const ht_tensor *source);
ht_tensor *ht_gather(const ht_tensor *t, int64_t dim, const ht_tensor *index);
ht_tensor *ht_scatter(const ht_tensor *t, int64_t dim, const ht_tensor *index, const ht_tensor *source);
ht_tensor *ht_scatter_add(const ht_tensor *t, int64_t dim, const ht_tensor *index, const ht_tensor *source);
ht_tensor *ht_one_hot(const ht_tensor *index, int64_t classes);
ht_tensor *ht_tril(const ht_tensor *t, int64_t diagonal);
ht_tensor *ht_triu(const ht_tensor *t, int64_t diagonal);
ht_tensor *ht_flip(const ht_tensor *t, int64_t dim);

// MARK: Layers

ht_tensor *ht_matmul(const ht_tensor *a, const ht_tensor *b);
/// x wᵀ + bias; `w` [out, in], `bias` [out] or null.
ht_tensor *ht_linear(const ht_tensor *x, const ht_tensor *w, const ht_tensor *bias);
/// bias + a b
ht_tensor *ht_addmm(const ht_tensor *bias, const ht_tensor *a, const ht_tensor *b);
ht_tensor *ht_einsum(const char *equation, const ht_tensor *const *tensors, int n);
/// The rows of `table` [rows, width] at `index`.
ht_tensor *ht_embedding(const ht_tensor *table, const ht_tensor *index);
/// x / sqrt(mean(x²) + eps) * w over the last dimension; `w` may be null.
ht_tensor *ht_rms_norm(const ht_tensor *x, const ht_tensor *w, double eps);
/// (x - mean) / sqrt(variance + eps) * w + b over the last dimension; `w` and `b` may be null.
ht_tensor *ht_layer_norm(const ht_tensor *x, const ht_tensor *w, const ht_tensor *b, double eps);
/// softmax(q kᵀ scale + mask) v; q [B,H,T,D], k and v [B,G,S,D] where G divides H; `mask` may be null; `scale` 0 = 1/√D.
ht_tensor *ht_sdpa(
    const ht_tensor *q, const ht_tensor *k, const ht_tensor *v, const ht_tensor *mask, bool causal, double scale);
/// -log softmax(logits)[target] for each row; logits [..., V], targets [...] int64, any target below 0 gives 0.
ht_tensor *ht_nll(const ht_tensor *logits, const ht_tensor *targets);
ht_tensor *ht_conv2d(
    const ht_tensor *x, const ht_tensor *w, const ht_tensor *bias, int64_t stride, int64_t padding, int64_t groups);

// MARK: Optimiser

/// One fused AdamW step over `n` parameters that share their rates; `step` tensors (float32 scalars) are advanced by one.
bool ht_adamw_(
    ht_tensor *const *p, ht_tensor *const *g, ht_tensor *const *m, ht_tensor *const *v, ht_tensor *const *step, int n,
    double lr, double beta1, double beta2, double decay, double eps);
/// Stores the global Euclidean norm, in float64 over fixed blocks; it is not finite when any element is not.
bool ht_global_norm(const ht_tensor *const *tensors, int n, double *norm);
/// t *= factor for every tensor, in place.
bool ht_scale_all_(ht_tensor *const *tensors, int n, double factor);
/// to = decay * to + (1 - decay) * from, in place, for every pair.
bool ht_ema_(ht_tensor *const *to, const ht_tensor *const *from, int n, double decay);

#ifdef __cplusplus
}
#endif
