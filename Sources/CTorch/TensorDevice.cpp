// Where tensors are made: the processor or another device.
#if __has_include(<ATen/ATen.h>)

#include "TensorDevice.h"

#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <string>

#include "TensorHandle.h"

namespace ht {

namespace {

std::atomic<at::Device> current{at::Device(at::kCPU)};

/// Why libtorch's CUDA part is not there; empty where it is.
///
/// The part is loaded and not linked, so that one build runs with either kind of libtorch. It has to be there before libtorch asks for it the
/// first time, as the answer is remembered.
const std::string &missing() {
    static const std::string reason = []() -> std::string {
        Dl_info info;
        if (dladdr(reinterpret_cast<const void *>(&at::globalContext), &info) == 0 || info.dli_fname == nullptr) {
            return "the folder of libtorch was not found";
        }
        const std::string own = info.dli_fname;
        const size_t slash = own.rfind('/');
        const std::string folder = slash == std::string::npos ? std::string(".") : own.substr(0, slash);
        // Its parts find one another only where the ones they need are there already.
        if (dlopen((folder + "/libc10_cuda.so").c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr ||
            dlopen((folder + "/libtorch_cuda.so").c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
            const char *why = dlerror();
            return why == nullptr ? "libtorch_cuda.so could not be loaded" : why;
        }
        return "";
    }();
    return reason;
}

}  // namespace

at::Device device() { return current.load(std::memory_order_relaxed); }

at::TensorOptions placed(at::ScalarType type) { return at::TensorOptions().dtype(type).device(device()); }

}  // namespace ht

extern "C" {

bool ht_has_cuda_build(void) { HT_GUARD(false, return ht::missing().empty();) }

const char *ht_cuda_missing(void) { HT_GUARD("", return ht::missing().c_str();) }

int ht_cuda_devices(void) {
    HT_GUARD(0, {
        if (!ht::missing().empty() || !at::globalContext().hasCUDA()) { return 0; }
        return static_cast<int>(at::detail::getCUDAHooks().deviceCount());
    })
}

bool ht_set_device(int kind, int index) {
    HT_DO({
        switch (kind) {
        case HT_CPU: ht::current = at::Device(at::kCPU); break;
        case HT_REGISTERED:
            TORCH_CHECK(c10::is_privateuse1_backend_registered(), "no extension of libtorch has registered a device in this process");
            ht::current = at::Device(at::kPrivateUse1, 0);
            break;
        case HT_CUDA: {
            TORCH_CHECK(ht::missing().empty(), "this libtorch has no CUDA part: ", ht::missing());
            const int count = ht_cuda_devices();
            TORCH_CHECK(count > 0, "libtorch's CUDA part found no device; look at nvidia-smi for the driver and the card");
            TORCH_CHECK(index >= 0 && index < count, "found device number ", index, ", expected 0 to ", count - 1);
            // Read before the first product: the same sums in the same order.
            setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
            at::globalContext().lazyInitDevice(at::kCUDA);
            at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/true);
            at::globalContext().setDeterministicFillUninitializedMemory(false);
            ht::current = at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index));
            break;
        }
        default: TORCH_CHECK(false, "found device kind ", kind, ", expected 0 to 2");
        }
    })
}

int64_t ht_device_free_bytes(void) {
    HT_GUARD(-1, {
        if (!ht::device().is_cuda()) { return -1; }
        return static_cast<int64_t>(at::accelerator::getMemoryInfo(ht::device().index()).first);
    })
}

int ht_device_index(void) { return ht::device().has_index() ? ht::device().index() : 0; }

int ht_device_kind(const ht_tensor *t) {
    const at::Device device = t == nullptr ? ht::device() : t->value.device();
    return device.is_cpu() ? HT_CPU : device.is_cuda() ? HT_CUDA : device.is_privateuseone() ? HT_REGISTERED : -1;
}

}  // extern "C"
#endif
