// Vectors of 16 lanes for the kernels, included inside the namespace of one instruction set (see DecoderKernels.h): no
// include guard, lane-wise operations and fixed reduction trees only.

// Vectors wider than a register have no settled calling convention; all functions here are static, so none is needed.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

typedef float Lanes __attribute__((vector_size(64)));
typedef float LooseLanes __attribute__((vector_size(64), aligned(4)));
typedef int32_t Ints __attribute__((vector_size(64)));
typedef double Doubles __attribute__((vector_size(64)));

#define HONE_INLINE static inline __attribute__((always_inline))

HONE_INLINE Lanes load(const float *p) { return *reinterpret_cast<const LooseLanes *>(p); }
/// Sixteen bfloat16 numbers as float32: their bits are the upper halves.
typedef uint16_t LooseHalves __attribute__((vector_size(32), aligned(2)));
typedef uint32_t Words __attribute__((vector_size(64)));
HONE_INLINE Lanes load(const uint16_t *p) {
    return reinterpret_cast<Lanes>(__builtin_convertvector(*reinterpret_cast<const LooseHalves *>(p), Words) << 16);
}
HONE_INLINE void store(float *p, Lanes v) { *reinterpret_cast<LooseLanes *>(p) = v; }
HONE_INLINE Lanes splat(float v) { return Lanes{} + v; }
HONE_INLINE Lanes fma(Lanes a, Lanes b, Lanes c) { return __builtin_elementwise_fma(a, b, c); }
HONE_INLINE Lanes select(Ints mask, Lanes a, Lanes b) {
    return reinterpret_cast<Lanes>((mask & reinterpret_cast<Ints>(a)) | (~mask & reinterpret_cast<Ints>(b)));
}
HONE_INLINE Lanes larger(Lanes a, Lanes b) { return select(a > b, a, b); }

constexpr int kLanes = 16;
constexpr Ints kIndex = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

/// Sum of the lanes by halves: 0+8, then +4, +2, +1.
HONE_INLINE float sumLanes(Lanes v) {
    v = v + __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
    v = v + __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
    v = v + __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
    return v[0] + v[1];
}

HONE_INLINE float largestLane(Lanes v) {
    v = larger(v, __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    v = larger(v, __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
    v = larger(v, __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
    return v[0] > v[1] ? v[0] : v[1];
}

HONE_INLINE double sumDoubles(Doubles v) {
    v = v + __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3);
    v = v + __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5);
    return v[0] + v[1];
}

/// The lower and upper eight lanes in float64.
HONE_INLINE void widen(Lanes v, Doubles &low, Doubles &high) {
    low = __builtin_convertvector(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7), Doubles);
    high = __builtin_convertvector(__builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15), Doubles);
}

/// e^x to about one unit in the last place for x in [-87.3, 88]; zero below, e^88 above. x = n ln 2 + r with
/// |r| <= ln 2 / 2 and the Taylor polynomial of degree seven, whose remainder there is 5e-9.
HONE_INLINE Lanes exponential(Lanes x) {
    const Ints tiny = x < splat(-87.3f);
    x = select(tiny, splat(-87.3f), x);
    x = select(x > splat(88.0f), splat(88.0f), x);
    const Lanes shifter = splat(12582912.0f);  // 1.5 · 2^23: adding it rounds to an integer
    const Lanes n = fma(x, splat(1.44269504f), shifter) - shifter;
    Lanes r = fma(n, splat(-0.693359375f), x);
    r = fma(n, splat(2.12194440e-4f), r);
    Lanes p = splat(1.0f / 5040);
    p = fma(p, r, splat(1.0f / 720));
    p = fma(p, r, splat(1.0f / 120));
    p = fma(p, r, splat(1.0f / 24));
    p = fma(p, r, splat(1.0f / 6));
    p = fma(p, r, splat(0.5f));
    p = fma(p, r, splat(1.0f));
    p = fma(p, r, splat(1.0f));
    const Ints power = (__builtin_convertvector(n, Ints) + 127) << 23;
    return select(tiny, Lanes{}, p * reinterpret_cast<Lanes>(power));
}

#pragma clang diagnostic pop
