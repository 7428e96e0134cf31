// The fused decoder and the sampler: plain C++ with its own copy of the weights, no libtorch in them.
//
// What is promised about bits. Every output element is one accumulator over ascending k, every attention result
// depends on the keys of its own row alone, and reductions have one fixed shape. So a row's result depends only on
// its slot's tokens: not on the other rows of the step, their order, the number of threads, or whether the tokens
// came in one step or one by one.
//
// One decoder is used by one thread at a time. Functions that can fail return a status; zero is success.
#ifndef HONE_CTORCH_DECODER_H
#define HONE_CTORCH_DECODER_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A decoder: packed weights, key/value cache and scratch memory.
typedef struct ht_decoder ht_decoder;

/// Why a decoder or sampler call failed; `ht_decoder_status_text` has a sentence for each.
enum {
    HT_DECODER_OK = 0,
    HT_DECODER_BAD_SHAPE = 1,          // a size is not positive, heads % kv_heads != 0, or head_dim is odd
    HT_DECODER_OUT_OF_MEMORY = 2,
    HT_DECODER_BAD_TENSOR_COUNT = 3,   // `load` was given another number of tensors than the shape needs
    HT_DECODER_NOT_LOADED = 4,         // `step` before `load`
    HT_DECODER_BAD_SLOT = 5,           // a slot outside 0..<slots
    HT_DECODER_BAD_TOKEN = 6,          // a token outside 0..<vocabulary
    HT_DECODER_BAD_POSITION = 7,       // a position beyond the context, or leaving a gap after what the slot holds
    HT_DECODER_BAD_OUT_ROW = 8,        // an output row outside 0..<rows
    HT_DECODER_NON_FINITE = 9,         // a row of logits holds NaN or +infinity, or has no finite entry
    HT_DECODER_BAD_SETTING = 10,       // a temperature, top-k or top-p outside its range
};

/// The sizes of a Llama-style decoder: RMSNorm, rotary positions (half-split pairs), grouped-query attention, a gated MLP; and
/// what sets families apart from it.
typedef struct ht_decoder_shape {
    int64_t hidden;       // width of the residual stream
    int64_t layers;
    int64_t heads;        // query heads
    int64_t kv_heads;     // key and value heads; divides `heads`
    int64_t head_dim;     // even; need not be hidden / heads
    int64_t mlp;          // inner width of SwiGLU
    int64_t vocabulary;
    int64_t slots;        // sequences held at once
    int64_t context;      // tokens a slot can hold
    double rope_theta;    // base of the rotary frequencies, usually 10000
    double rms_eps;       // usually 1e-6 or 1e-5
    bool tied;            // the head is the embedding: no head tensor is loaded
    bool qkv_bias;        // q, k and v have biases
    int32_t threads;      // threads of a step, 1...64; 0 takes one per processor
    bool qk_norm;         // each head's q and k pass an RMSNorm before they are rotated
    bool post_norms;      // what attention and MLP give passes an RMSNorm before it is added
    bool gelu;            // the gate goes through GELU's tanh form instead of SiLU
    double embedding_scale;  // multiplies embeddings; 0 for 1
    double query_scalar;     // scores are divided by its root; 0 for head_dim
    int64_t window;       // tokens that a row of a local layer sees, itself included; 0 where no layer is local
    bool half_weights;    // matrices are kept in bfloat16; sums stay in float32
} ht_decoder_shape;

/// The instruction set chosen at start: "avx512", "avx2" or "portable". All three compute the same bits.
const char *ht_decoder_instruction_set(void);

/// One clear sentence for a status.
const char *ht_decoder_status_text(int32_t status);

/// A decoder without weights, or NULL with the reason in `status` (which may be NULL).
/// Memory of the cache: slots × context × layers × kv_heads × head_dim × 8 bytes, taken from the system when touched.
ht_decoder *ht_decoder_new(const ht_decoder_shape *shape, int32_t *status);

/// Frees a decoder; NULL is allowed.
void ht_decoder_free(ht_decoder *decoder);

/// How many tensors `ht_decoder_load` takes for a shape.
int32_t ht_decoder_tensor_count(const ht_decoder_shape *shape);

/// How many float32 values the tensor at `index` of the load order has; -1 outside it.
int64_t ht_decoder_tensor_elements(const ht_decoder_shape *shape, int32_t index);

/// Copies and repacks the weights (float32, row-major, [out, in] as torch.nn.Linear keeps them), in this order:
/// embedding [vocabulary, hidden];
/// per layer: attention norm [hidden], q [heads·head_dim, hidden], k and v [kv_heads·head_dim, hidden],
///            (with qkv_bias: q, k, v biases), (with qk_norm: q and k norms [head_dim]), o [hidden, heads·head_dim],
///            (with post_norms: norm behind attention [hidden]),
///            mlp norm [hidden], gate and up [mlp, hidden], down [hidden, mlp], (with post_norms: norm behind the MLP [hidden]);
/// final norm [hidden]; (unless tied) head [vocabulary, hidden].
/// Norm weights are folded into the float32 products behind them; bfloat16 matrices keep the weights as they are. May be called again after every update; the cache keeps
/// what older weights wrote, so its slots must be filled anew (this call empties them all).
int32_t ht_decoder_load(ht_decoder *decoder, const float *const *tensors, int32_t count);

/// Replaces the rotary tables, [context, head_dim / 2] each, e.g. for scaled frequencies. The tables made by
/// `ht_decoder_new` are those of `ht_rotary_table`.
int32_t ht_decoder_set_rotary(ht_decoder *decoder, const float *cosines, const float *sines);

/// cos and sin of position · theta^(-2i / head_dim), [context, head_dim / 2] each, computed in float32 steps as
/// Hugging Face's Llama does (frequency rounded to float32, times the position in float32).
void ht_rotary_table(int64_t context, int64_t head_dim, double theta, float *cosines, float *sines);

/// The same of given frequencies [half]: cos and sin of position · frequency, [context, half] each.
void ht_rotary_table_of(int64_t context, int64_t half, const float *frequencies, float *cosines, float *sines);

/// Makes the layers that are named local (one flag a layer) see the window only, with rotary tables of their own.
int32_t ht_decoder_set_local(ht_decoder *decoder, const bool *is_local, const float *cosines, const float *sines);

/// Sets the threads of later steps, 1...64; 0 takes one per processor. Never changes a bit of any result.
void ht_decoder_set_threads(ht_decoder *decoder, int32_t threads);

/// Runs `rows` tokens through the model; row i is token[i] at position[i] of slot[i], and prompt tokens are rows like
/// any other. Rows of one slot stand in ascending position order; each position is at most the number of tokens the
/// slot then holds (a smaller one rewinds the slot). Logits of the rows named in out_rows are written to `logits`,
/// [out_count, vocabulary]. Nothing is computed or written when a status other than zero is returned.
int32_t ht_decoder_step(
    ht_decoder *decoder, int32_t rows, const int32_t *slot, const int32_t *position, const int32_t *token,
    const int32_t *out_rows, int32_t out_count, float *logits);

/// Copies the first `length` tokens of slot `from` to slot `to`, which then holds just these.
int32_t ht_decoder_copy_slot(ht_decoder *decoder, int32_t from, int32_t to, int32_t length);

/// How many tokens a slot holds; -1 for a slot that does not exist.
int32_t ht_decoder_slot_length(const ht_decoder *decoder, int32_t slot);

/// Bytes of weights, cache (if fully used) and scratch of a decoder.
int64_t ht_decoder_bytes(const ht_decoder *decoder);

/// Philox4x32-10 (Salmon et al., 2011): key = (low, high half of `key`), counter = (low, high half of `counter`, 0, 0).
void ht_philox(uint64_t key, uint64_t counter, uint32_t out[4]);

/// The uniform number in [0, 1) that the sampler draws for (key, step): 53 bits from the first two Philox words,
/// ((w0 >> 5) · 2^26 + (w1 >> 6)) / 2^53.
double ht_uniform(uint64_t key, uint64_t step);

/// Draws one token per row of `logits` [rows, vocabulary] by the inverse cumulative distribution in vocabulary order,
/// in float64, with the uniform number of (key, step).
///
/// temperature 0 takes the largest logit (the lowest index on ties). top_k 0 keeps all; top_p in (0, 1], 1 keeps all.
/// top-k comes first (ties at the border: lowest index), then the smallest set of most probable tokens whose share
/// reaches top_p. NULL for temperature, top_k or top_p means 1, 0 and 1 for every row.
///
/// log_prob: of the drawn token under the distribution it was drawn from: log-softmax of logits / temperature, over
/// the kept tokens when top-k or top-p cut some off. With temperature 0 it is that of the untempered full softmax, as
/// is the entropy, for a point mass would say nothing. entropy: of the same distribution, in nats.
/// log_prob and entropy may be NULL.
///
/// -infinity forbids a token. On failure `failed_row` (may be NULL) names the first row at fault, and outputs of
/// rows without fault are still written.
int32_t ht_sample(
    const float *logits, int32_t rows, int32_t vocabulary, const float *temperature, const int32_t *top_k,
    const float *top_p, const uint64_t *key, const uint64_t *step, int32_t *token, float *log_prob, float *entropy,
    int32_t *failed_row);

#ifdef __cplusplus
}
#endif
#endif
