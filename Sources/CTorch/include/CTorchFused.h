// Operations of a decoder's training step that are faster in one piece, with their gradients.
//
// Each runs an own float32 kernel; other element types, devices and sizes that do not fit the kernel (a width that is
// no multiple of 16) are computed by the plain formula of libtorch operations, so finite differences in float64 check
// the same function. Parameter gradients are summed over fixed blocks of 256 rows: no bit depends on the threads.
// A second derivative is not offered by the kernels.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "CTorch.h"

#ifdef __cplusplus
extern "C" {
#endif

/// x / sqrt(mean(x², last dimension) + eps) · weight. x [..., width], weight [width].
ht_tensor *ht_fused_rms_norm(const ht_tensor *x, const ht_tensor *weight, double eps);

/// silu(gate) · up for gate_up [..., 2 · inner] with the gate first; gives [..., inner].
ht_tensor *ht_fused_swiglu(const ht_tensor *gate_up);

/// Splits qkv [batch, length, (heads + 2 · kv_heads) · head_dim] (all q heads, then k, then v) into q [batch, heads,
/// length, head_dim], k and v [batch, kv_heads, length, head_dim], with q and k rotated in half-split pairs.
/// cosines and sines are [length, head_dim / 2], or [batch, length, head_dim / 2] where rows have own positions; they
/// get no gradient. Writes three new handles to `out`.
bool ht_fused_rope_split(
    const ht_tensor *qkv, const ht_tensor *cosines, const ht_tensor *sines, int64_t heads, int64_t kv_heads, ht_tensor *out[3]);

/// Log-probabilities [n] of int64 targets [n] under softmax(hidden · weightᵀ / temperature), hidden [n, width], weight
/// [vocabulary, width]; and, unless `entropies` is null, a new handle there to the entropies [n] in nats. Both carry
/// gradients to hidden and weight. At most one copy of the logits is kept for the backward pass; above 64 million
/// entries none is, and they are computed again.
ht_tensor *ht_fused_token_log_probs(
    const ht_tensor *hidden, const ht_tensor *weight, const ht_tensor *targets, double temperature, ht_tensor **entropies);

#ifdef __cplusplus
}
#endif
