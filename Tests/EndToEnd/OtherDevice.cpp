// A device for tests that behaves as a graphics card does: its tensors are not the processor's, and an operation that mixes the two is refused.
// Its memory is the processor's and so are its kernels, so that every result can be compared. Loaded into `hone` with LD_PRELOAD.
#include <ATen/ATen.h>
#include <ATen/EmptyTensor.h>
#include <ATen/detail/PrivateUse1HooksInterface.h>
#include <ATen/native/CPUFallback.h>
#include <ATen/native/Resize.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>

#include <cstdlib>
#include <cstring>

namespace {

constexpr auto kOther = at::kPrivateUse1;

void release(void *memory) { std::free(memory); }

struct Memory final : at::Allocator {
    at::DataPtr allocate(size_t bytes) override {
        void *memory = bytes == 0 ? nullptr : std::malloc(bytes);
        return {memory, memory, &release, at::Device(kOther, 0)};
    }
    at::DeleterFnPtr raw_deleter() const override { return &release; }
    void copy_data(void *to, const void *from, size_t bytes) const override { std::memcpy(to, from, bytes); }
};
Memory memory;

/// The same elements as a tensor of the processor.
at::Tensor seen(const at::Tensor &t) {
    if (!t.is_privateuseone()) { return t; }
    return at::from_blob(
        const_cast<void *>(t.const_data_ptr()), t.sizes(), t.strides(), at::TensorOptions().dtype(t.scalar_type()).device(at::kCPU));
}

at::Tensor empty(
    at::IntArrayRef size, std::optional<at::ScalarType> type, std::optional<at::Layout>, std::optional<at::Device>, std::optional<bool>,
    std::optional<at::MemoryFormat> format) {
    return at::detail::empty_generic(
        size, &memory, c10::DispatchKeySet(c10::DispatchKey::PrivateUse1), type.value_or(at::kFloat), format);
}

at::Tensor emptyStrided(
    at::IntArrayRef size, at::IntArrayRef stride, std::optional<at::ScalarType> type, std::optional<at::Layout>, std::optional<at::Device>,
    std::optional<bool>) {
    return at::detail::empty_strided_generic(
        size, stride, &memory, c10::DispatchKeySet(c10::DispatchKey::PrivateUse1), type.value_or(at::kFloat));
}

at::Tensor copyFrom(const at::Tensor &from, const at::Tensor &to, bool) {
    seen(to).copy_(seen(from));
    return to;
}

at::Tensor copyFromAndResize(const at::Tensor &from, const at::Tensor &to) {
    if (to.sizes() != from.sizes()) { at::native::resize_(to, from.sizes(), std::nullopt); }
    return copyFrom(from, to, false);
}

at::Tensor asStrided(const at::Tensor &t, at::IntArrayRef size, at::IntArrayRef stride, std::optional<int64_t> offset) {
    return at::native::as_strided_tensorimpl(t, size, stride, offset);
}

at::Tensor reshapeAlias(const at::Tensor &t, at::IntArrayRef size, at::IntArrayRef stride) {
    return at::native::as_strided_tensorimpl(t, size, stride, std::nullopt);
}

at::Tensor view(const at::Tensor &t, at::IntArrayRef size) { return at::native::view(t, size); }

at::Scalar number(const at::Tensor &t) { return seen(t).item(); }

/// Runs an operation on the processor, unless it is given tensors of both: a card would refuse them, numbers without dimensions excepted.
void run(const c10::OperatorHandle &operation, torch::jit::Stack *stack) {
    const auto arguments = torch::jit::last(*stack, operation.schema().arguments().size());
    const auto look = [&](const at::Tensor &t) {
        TORCH_CHECK(
            !t.defined() || t.is_privateuseone() || (t.is_cpu() && t.dim() == 0), operation.schema().operator_name(),
            ": a tensor of shape ", t.sizes(), " lies on ", t.device(), " beside others on the registered device");
    };
    for (const c10::IValue &value : arguments) {
        if (value.isTensor()) { look(value.toTensor()); }
        if (value.isTensorList()) {
            for (const at::Tensor &t : value.toTensorVector()) { look(t); }
        }
    }
    at::native::cpu_fallback(operation, stack, /*error_on_views=*/true);
}

/// What the backward pass asks of a device.
struct Hooks final : at::PrivateUse1HooksInterface {
    bool hasPrimaryContext(c10::DeviceIndex) const override { return true; }
    bool isBuilt() const override { return true; }
    bool isAvailable() const override { return true; }
};
Hooks hooks;

/// One device, whose only stream is always done, as all runs at once.
struct Guard final : c10::impl::NoOpDeviceGuardImpl<c10::DeviceType::PrivateUse1> {
    at::Device exchangeDevice(at::Device) const override { return at::Device(kOther, 0); }
    at::Device getDevice() const override { return at::Device(kOther, 0); }
    at::Stream getStream(at::Device) const noexcept override { return at::Stream(at::Stream::DEFAULT, at::Device(kOther, 0)); }
    at::Stream getNewStream(at::Device device, int) const override { return getStream(device); }
    at::Stream exchangeStream(at::Stream) const noexcept override { return getStream(at::Device(kOther, 0)); }
    void record(void **, const at::Stream &, const c10::DeviceIndex, const c10::EventFlag) const override {}
    void block(void *, const at::Stream &) const override {}
    bool queryEvent(void *) const override { return true; }
    void destroyEvent(void *, const c10::DeviceIndex) const noexcept override {}
    bool queryStream(const at::Stream &) const override { return true; }
    void synchronizeStream(const at::Stream &) const override {}
};

struct Announcement {
    Announcement() {
        at::RegisterPrivateUse1HooksInterface(&hooks);
        c10::register_privateuse1_backend("other");
        at::SetAllocator(kOther, &memory);
    }
} announcement;

}  // namespace

C10_REGISTER_GUARD_IMPL(PrivateUse1, Guard);

TORCH_LIBRARY_IMPL(_, PrivateUse1, m) { m.fallback(torch::CppFunction::makeFromBoxedFunction<&run>()); }

TORCH_LIBRARY_IMPL(aten, PrivateUse1, m) {
    m.impl("empty.memory_format", &empty);
    m.impl("empty_strided", &emptyStrided);
    m.impl("_copy_from", &copyFrom);
    m.impl("_copy_from_and_resize", &copyFromAndResize);
    m.impl("as_strided", &asStrided);
    m.impl("_reshape_alias", &reshapeAlias);
    m.impl("view", &view);
    m.impl("_local_scalar_dense", &number);
}
