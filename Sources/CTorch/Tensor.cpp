// Session, errors, and making and moving tensors. The only file that speaks when the headers are missing.
#if !__has_include(<ATen/ATen.h>)
#error "libtorch is not set up: run ./setup.sh in the package folder, then build again"
#else

#include <cstdlib>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <malloc.h>
#include <pthread.h>
#include <torch/headeronly/version.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "TensorDevice.h"
#include "TensorHandle.h"
#include "TensorTypes.h"

namespace ht {

std::atomic<int64_t> live{0};

namespace {
thread_local std::string lastError = "no error";
}

void fail(const char *message) noexcept {
    try {
        lastError = message;
    } catch (...) {
        // Keeping the previous sentence is all that can be done when there is no memory for a new one.
    }
}

}  // namespace ht

extern "C" {

// MARK: Session

const char *ht_last_error(void) { return ht::lastError.c_str(); }
const char *ht_version(void) { return TORCH_VERSION; }

const char *ht_cpu_capability(void) {
    static const std::string name = at::get_cpu_capability();
    return name.c_str();
}

const char *ht_instruction_set(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
        return "AVX512";
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) { return "AVX2"; }
    return "portable";
#elif defined(__aarch64__)
    return "NEON";
#else
    return "portable";
#endif
}

int ht_threads(void) { return at::get_num_threads(); }

bool ht_set_threads(int count) {
    if (count < 1) {
        ht::fail("the thread count must be 1 or more");
        return false;
    }
    HT_DO(at::set_num_threads(count);)
}

int64_t ht_live_handles(void) { return ht::live.load(std::memory_order_relaxed); }

bool ht_keep_memory(void) {
#if defined(__GLIBC__)
    const int large = 1 << 30;
    const int trim = 2047 * (1 << 20);
    const int pad = 64 * (1 << 20);
    return mallopt(M_MMAP_THRESHOLD, large) == 1 && mallopt(M_TRIM_THRESHOLD, trim) == 1 &&
           mallopt(M_TOP_PAD, pad) == 1;
#else
    ht::fail("this allocator has no setting for kept memory");
    return false;
#endif
}

/// MKL's products on Intel processors depend on the number of threads unless they are asked not to, and MKL reads this before its first product.
/// Whoever has set it keeps what they set.
__attribute__((constructor)) static void ht_products_do_not_depend_on_threads() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_is("intel")) return;
    if (__builtin_cpu_supports("avx512f")) {
        setenv("MKL_CBWR", "AVX512,STRICT", 0);
    } else if (__builtin_cpu_supports("avx2")) {
        setenv("MKL_CBWR", "AVX2,STRICT", 0);
    }
#endif
}

bool ht_grad_mode(void) { return at::GradMode::is_enabled(); }
void ht_set_grad_mode(bool on) { at::GradMode::set_enabled(on); }

bool ht_thread_name(const char *name) {
    char kept[16] = {};
    std::strncpy(kept, name, sizeof(kept) - 1);
    return pthread_setname_np(pthread_self(), kept) == 0;
}

void ht_leave_process(int code) {
    std::fflush(nullptr);
    _exit(code);
}

int64_t ht_resident_bytes(void) {
    std::FILE *file = std::fopen("/proc/self/statm", "r");
    if (file == nullptr) { return 0; }
    long long total = 0;
    long long resident = 0;
    const int fields = std::fscanf(file, "%lld %lld", &total, &resident);
    std::fclose(file);
    return fields == 2 ? resident * static_cast<int64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

// MARK: Making and moving

ht_tensor *ht_from_bytes(const void *data, size_t bytes, const int64_t *shape, int rank, int dtype) {
    HT_GUARD(nullptr, {
        at::Tensor made = at::empty(ht::dims(shape, rank), ht::scalarType(dtype));
        TORCH_CHECK(
            made.nbytes() == bytes, "found ", bytes, " bytes for shape ", made.sizes(), ", expected ", made.nbytes());
        if (bytes > 0) { std::memcpy(made.mutable_data_ptr(), data, bytes); }
        return ht::wrap(ht::device().is_cpu() ? std::move(made) : made.to(ht::device()));
    })
}

ht_tensor *ht_full(const int64_t *shape, int rank, double value, int dtype) {
    HT_TENSOR(at::full(ht::dims(shape, rank), value, ht::placed(ht::scalarType(dtype))))
}

ht_tensor *ht_full_int(const int64_t *shape, int rank, int64_t value, int dtype) {
    HT_TENSOR(at::full(ht::dims(shape, rank), value, ht::placed(ht::scalarType(dtype))))
}

ht_tensor *ht_arange(int64_t start, int64_t end, int64_t step, int dtype) {
    HT_TENSOR(at::arange(start, end, step, ht::placed(ht::scalarType(dtype))))
}

ht_tensor *ht_empty_like(const ht_tensor *t) { HT_TENSOR(at::empty_like(t->value)) }
ht_tensor *ht_zeros_like(const ht_tensor *t) { HT_TENSOR(at::zeros_like(t->value)) }
ht_tensor *ht_clone(const ht_tensor *t) { HT_TENSOR(t->value.clone(at::MemoryFormat::Contiguous)) }
ht_tensor *ht_retain(const ht_tensor *t) { HT_TENSOR(t->value) }

bool ht_read(const ht_tensor *t, void *out, size_t bytes) {
    HT_DO({
        const at::Tensor flat = t->value.cpu().contiguous();
        TORCH_CHECK(flat.nbytes() == bytes, "found room for ", bytes, " bytes, expected ", flat.nbytes());
        if (bytes > 0) { std::memcpy(out, flat.const_data_ptr(), bytes); }
    })
}

bool ht_item(const ht_tensor *t, double *out) { HT_DO(*out = t->value.item().toDouble();) }
bool ht_item_int(const ht_tensor *t, int64_t *out) { HT_DO(*out = t->value.item().toLong();) }

void *ht_data(const ht_tensor *t) {
    HT_GUARD(nullptr, {
        TORCH_CHECK(t->value.is_cpu(), "the tensor lies on ", t->value.device(), ", so its elements have no address here");
        TORCH_CHECK(t->value.is_contiguous(), "the tensor is not contiguous, so its elements have no single address");
        return t->value.data_ptr();
    })
}

int ht_rank(const ht_tensor *t) { return static_cast<int>(t->value.dim()); }
int64_t ht_size(const ht_tensor *t, int dimension) { HT_GUARD(-1, return t->value.size(dimension);) }
int ht_dtype(const ht_tensor *t) { return ht::number(t->value.scalar_type()); }
int64_t ht_count(const ht_tensor *t) { return t->value.numel(); }
int64_t ht_bytes(const ht_tensor *t) { return static_cast<int64_t>(t->value.nbytes()); }
bool ht_is_contiguous(const ht_tensor *t) { return t->value.is_contiguous(); }
ht_tensor *ht_to(const ht_tensor *t, int dtype) { HT_TENSOR(t->value.to(ht::scalarType(dtype))) }
bool ht_copy_(ht_tensor *to, const ht_tensor *from) { HT_DO(to->value.copy_(from->value);) }
void ht_free(ht_tensor *t) { delete t; }

}  // extern "C"
#endif
