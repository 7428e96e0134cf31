// The private side of the opaque handle: what every .cpp file of this target includes after its own public header.
// Nothing here may be included when the ATen headers are missing; see Tensor.cpp for the one message that says so.
#pragma once

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <atomic>
#include <cstdint>
#include <exception>
#include <new>
#include <utility>

#include "CTorch.h"

namespace ht {
/// Handles alive in the process; a steady count over steps shows that nobody keeps tensors by mistake.
extern std::atomic<int64_t> live;
/// Records the thread's last error sentence.
void fail(const char *message) noexcept;
}  // namespace ht

/// What the opaque handle of CTorch.h points to. Always made with `ht::wrap`, always released with `ht_free`.
struct ht_tensor {
    at::Tensor value;
    explicit ht_tensor(at::Tensor v) : value(std::move(v)) { ht::live.fetch_add(1, std::memory_order_relaxed); }
    ~ht_tensor() { ht::live.fetch_sub(1, std::memory_order_relaxed); }
    ht_tensor(const ht_tensor &) = delete;
    ht_tensor &operator=(const ht_tensor &) = delete;
};

namespace ht {

/// A new handle that owns `value`.
inline ht_tensor *wrap(at::Tensor value) { return new ht_tensor(std::move(value)); }

/// The tensor behind an optional handle; null means an undefined tensor.
inline at::Tensor maybe(const ht_tensor *t) { return t == nullptr ? at::Tensor() : t->value; }

}  // namespace ht

/// Runs the statements and returns what they return; any C++ exception becomes the thread's error sentence and `failed`.
/// Variadic, because commas inside braces would split the argument of a plain macro.
#define HT_GUARD(failed, ...)                    \
    try {                                        \
        __VA_ARGS__                              \
    } catch (const c10::Error &e) {              \
        ht::fail(e.what_without_backtrace());    \
        return failed;                           \
    } catch (const std::bad_alloc &) {           \
        ht::fail("not enough memory");           \
        return failed;                           \
    } catch (const std::exception &e) {          \
        ht::fail(e.what());                      \
        return failed;                           \
    } catch (...) {                              \
        ht::fail("unknown C++ exception");       \
        return failed;                           \
    }

/// A function body that returns one new handle for the given tensor expression.
#define HT_TENSOR(...) HT_GUARD(nullptr, return ht::wrap(__VA_ARGS__);)
/// A function body that runs statements and returns true.
#define HT_DO(...) HT_GUARD(false, __VA_ARGS__ return true;)
