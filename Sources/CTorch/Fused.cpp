// Fused training operations as autograd functions. The loops are in FusedKernels.h.
#if __has_include(<ATen/ATen.h>)

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

#include "Instructions.h"
#include "CTorchFused.h"
#include "FusedTypes.h"
#include "TensorHandle.h"

// libtorch's own OpenMP team: the compiler here has no OpenMP of its own, and a second team would fight the first.
extern "C" void GOMP_parallel(void (*body)(void *), void *context, unsigned threads, unsigned flags);
extern "C" int omp_get_thread_num(void);
extern "C" int omp_get_num_threads(void);

namespace hone_fused {
namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::variable_list;

const RowKernels &kernels() {
    static const RowKernels *const chosen = [] {
#if defined(__x86_64__)
        switch (hone::instructions()) {
        case hone::Instructions::avx512: return avx512RowKernels();
        case hone::Instructions::avx2: return avx2RowKernels();
        case hone::Instructions::portable: break;
        }
#endif
        return portableRowKernels();
    }();
    return *chosen;
}

/// Calls work(block, first row, rows) for every block of `kBlockRows` rows, divided evenly over libtorch's threads.
template <class Work>
void eachBlock(int64_t rows, const Work &work) {
    struct Job {
        const Work &work;
        int64_t rows, blocks;
    } job{work, rows, (rows + kBlockRows - 1) / kBlockRows};
    const auto body = [](void *context) {
        const Job &own = *static_cast<const Job *>(context);
        const int64_t thread = omp_get_thread_num(), threads = omp_get_num_threads();
        for (int64_t b = own.blocks * thread / threads; b < own.blocks * (thread + 1) / threads; ++b)
            own.work(b, b * kBlockRows, std::min(kBlockRows, own.rows - b * kBlockRows));
    };
    const int64_t threads = std::min<int64_t>(at::get_num_threads(), job.blocks);
    if (threads <= 1 || at::in_parallel_region()) {
        for (int64_t b = 0; b < job.blocks; ++b) work(b, b * kBlockRows, std::min(kBlockRows, rows - b * kBlockRows));
    } else {
        GOMP_parallel(body, &job, unsigned(threads), 0);
    }
}

bool fits(const Tensor &t) { return t.scalar_type() == at::kFloat && t.device().is_cpu() && t.numel() > 0; }
const float *data(const Tensor &t) { return t.const_data_ptr<float>(); }
float *out(Tensor &t) { return t.mutable_data_ptr<float>(); }

struct Norm : Function<Norm> {
    static Tensor forward(AutogradContext *context, const Tensor &given, const Tensor &weight, double eps) {
        const Tensor x = given.contiguous(), w = weight.contiguous();
        const int64_t width = x.size(-1), rows = x.numel() / width;
        Tensor y = at::empty_like(x), scales = at::empty({rows}, x.options());
        const float *from = data(x), *by = data(w);
        float *to = out(y), *kept = out(scales);
        eachBlock(rows, [=](int64_t, int64_t first, int64_t count) {
            kernels().normForward(from + first * width, by, count, width, float(eps), to + first * width, kept + first);
        });
        context->save_for_backward({x, w, scales});
        return y;
    }

    static variable_list backward(AutogradContext *context, const variable_list &gradients) {
        const auto saved = context->get_saved_variables();
        const Tensor &x = saved[0], &w = saved[1], &scales = saved[2];
        const Tensor dy = gradients[0].contiguous();
        const int64_t width = x.size(-1), rows = x.numel() / width, blocks = (rows + kBlockRows - 1) / kBlockRows;
        Tensor dx = at::empty_like(x), partial = at::empty({blocks, width}, x.options()), dw = at::zeros_like(w);
        const float *from = data(x), *by = data(w), *kept = data(scales), *gradient = data(dy);
        float *to = out(dx), *parts = out(partial), *sum = out(dw);
        eachBlock(rows, [=](int64_t block, int64_t first, int64_t count) {
            kernels().normBackward(
                from + first * width, by, kept + first, gradient + first * width, count, width, to + first * width,
                parts + block * width);
        });
        for (int64_t b = 0; b < blocks; ++b)
            for (int64_t i = 0; i < width; ++i) sum[i] += parts[b * width + i];
        return {dx, dw, Tensor()};
    }
};

struct Gated : Function<Gated> {
    static Tensor forward(AutogradContext *context, const Tensor &given) {
        const Tensor gateUp = given.contiguous();
        const int64_t inner = gateUp.size(-1) / 2, rows = gateUp.numel() / (2 * inner);
        auto sizes = gateUp.sizes().vec();
        sizes.back() = inner;
        Tensor y = at::empty(sizes, gateUp.options());
        const float *from = data(gateUp);
        float *to = out(y);
        eachBlock(rows, [=](int64_t, int64_t first, int64_t count) {
            kernels().gatedForward(from + first * 2 * inner, count, inner, to + first * inner);
        });
        context->save_for_backward({gateUp});
        return y;
    }

    static variable_list backward(AutogradContext *context, const variable_list &gradients) {
        const auto saved = context->get_saved_variables();
        const Tensor &gateUp = saved[0];
        const Tensor dy = gradients[0].contiguous();
        const int64_t inner = dy.size(-1), rows = dy.numel() / inner;
        Tensor dx = at::empty_like(gateUp);
        const float *from = data(gateUp), *gradient = data(dy);
        float *to = out(dx);
        eachBlock(rows, [=](int64_t, int64_t first, int64_t count) {
            kernels().gatedBackward(from + first * 2 * inner, gradient + first * inner, count, inner, to + first * 2 * inner);
        });
        return {dx};
    }
};

/// Where the heads of a token lie, for both directions of the split.
struct Split {
    int64_t batch, length, heads, kvHeads, size, tableStride;

    int64_t columns() const { return (heads + 2 * kvHeads) * size; }

    /// Copies `packed` rows to (or, back, from) the three head-major tensors, rotating q and k.
    void move(float *packed, float *q, float *k, float *v, const float *cosines, const float *sines, bool back) const {
        const Split s = *this;
        eachBlock(batch * length, [=](int64_t, int64_t first, int64_t count) {
            for (int64_t row = first; row < first + count; ++row) {
                const int64_t b = row / s.length, t = row % s.length, step = s.length * s.size;
                const float *c = cosines + b * s.tableStride + t * (s.size / 2);
                const float *n = sines + b * s.tableStride + t * (s.size / 2);
                float *own = packed + row * s.columns();
                float *qs = q + (b * s.heads * s.length + t) * s.size;
                float *ks = k + (b * s.kvHeads * s.length + t) * s.size, *vs = v + (b * s.kvHeads * s.length + t) * s.size;
                float *ownK = own + s.heads * s.size, *ownV = ownK + s.kvHeads * s.size;
                if (back) {
                    kernels().rotateHeads(qs, step, own, s.size, s.heads, s.size, c, n, -1);
                    kernels().rotateHeads(ks, step, ownK, s.size, s.kvHeads, s.size, c, n, -1);
                } else {
                    kernels().rotateHeads(own, s.size, qs, step, s.heads, s.size, c, n, 1);
                    kernels().rotateHeads(ownK, s.size, ks, step, s.kvHeads, s.size, c, n, 1);
                }
                for (int64_t h = 0; h < s.kvHeads; ++h) {
                    float *head = ownV + h * s.size, *apart = vs + h * step;
                    std::copy_n(back ? apart : head, s.size, back ? head : apart);
                }
            }
        });
    }
};

struct RopeSplit : Function<RopeSplit> {
    static variable_list forward(
        AutogradContext *context, const Tensor &given, const Tensor &cosines, const Tensor &sines, int64_t heads,
        int64_t kvHeads) {
        const Tensor qkv = given.contiguous(), c = cosines.contiguous(), n = sines.contiguous();
        const int64_t size = qkv.size(2) / (heads + 2 * kvHeads);
        const Split split{qkv.size(0), qkv.size(1), heads, kvHeads, size, c.dim() == 3 ? qkv.size(1) * size / 2 : 0};
        Tensor q = at::empty({split.batch, heads, split.length, size}, qkv.options());
        Tensor k = at::empty({split.batch, kvHeads, split.length, size}, qkv.options()), v = at::empty_like(k);
        split.move(const_cast<float *>(data(qkv)), out(q), out(k), out(v), data(c), data(n), false);
        context->save_for_backward({c, n});
        return {q, k, v};
    }

    static variable_list backward(AutogradContext *context, const variable_list &gradients) {
        const auto saved = context->get_saved_variables();
        const Tensor q = gradients[0].contiguous(), k = gradients[1].contiguous(), v = gradients[2].contiguous();
        const int64_t heads = q.size(1), kvHeads = k.size(1), size = q.size(3);
        const Split split{q.size(0), q.size(2), heads, kvHeads, size, saved[0].dim() == 3 ? q.size(2) * size / 2 : 0};
        Tensor packed = at::empty({split.batch, split.length, split.columns()}, q.options());
        split.move(
            out(packed), const_cast<float *>(data(q)), const_cast<float *>(data(k)), const_cast<float *>(data(v)),
            data(saved[0]), data(saved[1]), true);
        return {packed, Tensor(), Tensor(), Tensor(), Tensor()};
    }
};

struct TokenLogProbs : Function<TokenLogProbs> {
    static constexpr int64_t kKeptLogits = int64_t(64) << 20;
    static constexpr int64_t kChunkLogits = int64_t(4) << 20;

    /// Rows whose logits are in memory at once; depends on the vocabulary alone.
    static int64_t chunkRows(int64_t vocabulary) { return std::max(kBlockRows, kChunkLogits / vocabulary); }

    static variable_list forward(
        AutogradContext *context, const Tensor &givenHidden, const Tensor &givenWeight, const Tensor &givenTargets,
        double temperature) {
        const Tensor hidden = givenHidden.contiguous(), weight = givenWeight.contiguous(), targets = givenTargets.contiguous();
        const int64_t rows = hidden.size(0), vocabulary = weight.size(0), chunk = chunkRows(vocabulary);
        Tensor logProbs = at::empty({rows}, hidden.options()), entropies = at::empty_like(logProbs);
        Tensor logSums = at::empty_like(logProbs);
        const bool keeps = rows * vocabulary <= kKeptLogits;
        Tensor logits = at::empty({keeps ? rows : std::min(rows, chunk), vocabulary}, hidden.options());
        const int64_t *target = targets.const_data_ptr<int64_t>();
        float *p = out(logProbs), *s = out(logSums), *e = out(entropies);
        for (int64_t begin = 0; begin < rows; begin += chunk) {
            const int64_t some = std::min(chunk, rows - begin);
            Tensor part = logits.narrow(0, keeps ? begin : 0, some);
            at::mm_out(part, hidden.narrow(0, begin, some), weight.t());
            const float *z = data(part);
            eachBlock(some, [=](int64_t, int64_t first, int64_t count) {
                const int64_t row = begin + first;
                kernels().logProbForward(
                    z + first * vocabulary, target + row, count, vocabulary, float(1 / temperature), p + row, s + row, e + row);
            });
        }
        context->saved_data["temperature"] = temperature;
        context->set_materialize_grads(false);
        context->save_for_backward({hidden, weight, targets, logSums, entropies, keeps ? logits : Tensor()});
        return {logProbs, entropies};
    }

    static variable_list backward(AutogradContext *context, const variable_list &gradients) {
        const auto saved = context->get_saved_variables();
        const Tensor &hidden = saved[0], &weight = saved[1], &targets = saved[2], &logits = saved[5];
        const float inverse = float(1 / context->saved_data["temperature"].toDouble());
        const int64_t rows = hidden.size(0), vocabulary = weight.size(0), chunk = chunkRows(vocabulary);
        const Tensor forProb = gradients[0].defined() ? gradients[0].contiguous() : at::zeros({rows}, hidden.options());
        const Tensor forEntropy = gradients[1].defined() ? gradients[1].contiguous() : Tensor();
        Tensor dHidden = at::empty_like(hidden), dWeight = at::zeros_like(weight);
        Tensor slope = at::empty({std::min(rows, chunk), vocabulary}, hidden.options());
        const int64_t *target = targets.const_data_ptr<int64_t>();
        const float *s = data(saved[3]), *e = data(saved[4]), *dp = data(forProb);
        const float *de = forEntropy.defined() ? data(forEntropy) : nullptr;
        for (int64_t begin = 0; begin < rows; begin += chunk) {
            const int64_t some = std::min(chunk, rows - begin);
            const Tensor inputs = hidden.narrow(0, begin, some);
            const Tensor part = logits.defined() ? logits.narrow(0, begin, some) : at::mm(inputs, weight.t());
            Tensor change = slope.narrow(0, 0, some), inputChange = dHidden.narrow(0, begin, some);
            const float *z = data(part);
            float *dz = out(change);
            eachBlock(some, [=](int64_t, int64_t first, int64_t count) {
                const int64_t row = begin + first;
                kernels().logProbBackward(
                    z + first * vocabulary, target + row, count, vocabulary, inverse, s + row, e + row, dp + row,
                    de != nullptr ? de + row : nullptr, dz + first * vocabulary);
            });
            at::mm_out(inputChange, change, weight);
            dWeight.addmm_(change.t(), inputs);
        }
        return {dHidden, dWeight, Tensor(), Tensor()};
    }
};

// MARK: Plain formulas

Tensor plainNorm(const Tensor &x, const Tensor &weight, double eps) {
    return x * at::rsqrt(x.pow(2).mean(-1, true) + eps) * weight;
}

variable_list plainSplit(const Tensor &qkv, const Tensor &cosines, const Tensor &sines, int64_t heads, int64_t kvHeads) {
    const int64_t size = qkv.size(2) / (heads + 2 * kvHeads);
    const auto parts = qkv.view({qkv.size(0), qkv.size(1), heads + 2 * kvHeads, size}).transpose(1, 2).split_with_sizes(
        {heads, kvHeads, kvHeads}, 1);
    Tensor c = cosines.to(qkv.scalar_type()), s = sines.to(qkv.scalar_type());
    if (c.dim() == 3) c = c.unsqueeze(1), s = s.unsqueeze(1);
    const auto turn = [&](const Tensor &x) {
        const auto halves = x.chunk(2, -1);
        return at::cat({halves[0] * c - halves[1] * s, halves[1] * c + halves[0] * s}, -1);
    };
    return {turn(parts[0]), turn(parts[1]), parts[2].contiguous()};
}

variable_list plainLogProbs(const Tensor &hidden, const Tensor &weight, const Tensor &targets, double temperature) {
    const Tensor all = at::log_softmax(at::linear(hidden, weight) / temperature, -1);
    return {all.gather(1, targets.unsqueeze(1)).squeeze(1), -(all.exp() * all).sum(-1)};
}

}  // namespace
}  // namespace hone_fused

using namespace hone_fused;

extern "C" {

ht_tensor *ht_fused_rms_norm(const ht_tensor *x, const ht_tensor *weight, double eps) {
    HT_GUARD(nullptr, {
        const at::Tensor &v = x->value, &w = weight->value;
        TORCH_CHECK(
            v.dim() >= 1 && w.dim() == 1 && v.size(-1) == w.size(0), "rms_norm: found x ", v.sizes(), " and weight ", w.sizes(),
            ", expected a weight as long as the last dimension of x");
        const bool isFused = fits(v) && fits(w) && w.size(0) % 16 == 0;
        return ht::wrap(isFused ? Norm::apply(v, w, eps) : plainNorm(v, w, eps));
    })
}

ht_tensor *ht_fused_swiglu(const ht_tensor *gate_up) {
    HT_GUARD(nullptr, {
        const at::Tensor &v = gate_up->value;
        TORCH_CHECK(
            v.dim() >= 1 && v.size(-1) % 2 == 0, "swiglu: found shape ", v.sizes(),
            ", expected gate and up side by side in an even last dimension");
        if (fits(v) && v.size(-1) % 32 == 0) return ht::wrap(Gated::apply(v));
        const auto halves = v.chunk(2, -1);
        return ht::wrap(at::silu(halves[0]) * halves[1]);
    })
}

bool ht_fused_rope_split(
    const ht_tensor *qkv, const ht_tensor *cosines, const ht_tensor *sines, int64_t heads, int64_t kv_heads, ht_tensor *out[3]) {
    HT_GUARD(false, {
        const at::Tensor &v = qkv->value, &c = cosines->value, &s = sines->value;
        const int64_t parts = heads + 2 * kv_heads;
        TORCH_CHECK(
            heads > 0 && kv_heads > 0 && v.dim() == 3 && v.size(2) % (2 * parts) == 0, "rope_split: found shape ", v.sizes(),
            ", expected [batch, length, (", heads, " + 2 · ", kv_heads, ") · head size] with an even head size");
        const int64_t half = v.size(2) / parts / 2;
        const bool isShared = c.dim() == 2 && c.size(0) == v.size(1) && c.size(1) == half;
        const bool isOwn = c.dim() == 3 && c.size(0) == v.size(0) && c.size(1) == v.size(1) && c.size(2) == half;
        TORCH_CHECK(
            (isShared || isOwn) && s.sizes() == c.sizes(), "rope_split: found tables ", c.sizes(), " and ", s.sizes(),
            ", expected [length, head size / 2], with the batch in front or without, for a length of ", v.size(1), " and half ",
            half);
        const bool isFused = fits(v) && fits(c) && fits(s);
        const auto made = isFused ? RopeSplit::apply(v, c, s, heads, kv_heads) : plainSplit(v, c, s, heads, kv_heads);
        ht_tensor *handles[3] = {};
        for (int i = 0; i < 3; ++i) handles[i] = ht::wrap(made[size_t(i)]);
        std::copy_n(handles, 3, out);
        return true;
    })
}

ht_tensor *ht_fused_token_log_probs(
    const ht_tensor *hidden, const ht_tensor *weight, const ht_tensor *targets, double temperature, ht_tensor **entropies) {
    HT_GUARD(nullptr, {
        const at::Tensor &h = hidden->value, &w = weight->value, &t = targets->value;
        TORCH_CHECK(
            h.dim() == 2 && w.dim() == 2 && t.dim() == 1 && h.size(1) == w.size(1) && t.size(0) == h.size(0),
            "token_log_probs: found hidden ", h.sizes(), ", weight ", w.sizes(), ", targets ", t.sizes(),
            ", expected [n, width], [vocabulary, width] and [n]");
        TORCH_CHECK(t.scalar_type() == at::kLong, "token_log_probs: found targets of another type, expected int64");
        TORCH_CHECK(temperature > 0, "token_log_probs: found temperature ", temperature, ", expected a positive number");
        if (t.numel() > 0) {
            const int64_t least = t.min().item<int64_t>(), most = t.max().item<int64_t>();
            TORCH_CHECK(
                least >= 0 && most < w.size(0), "token_log_probs: found targets from ", least, " to ", most, ", expected 0 to ",
                w.size(0) - 1);
        }
        const auto made = fits(h) && fits(w) ? TokenLogProbs::apply(h, w, t, temperature) : plainLogProbs(h, w, t, temperature);
        ht_tensor *first = ht::wrap(made[0]);
        if (entropies != nullptr) *entropies = ht::wrap(made[1]);
        return first;
    })
}

}  // extern "C"

#endif
