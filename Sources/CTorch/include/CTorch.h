// The C face of libtorch: session, making and moving tensors, and automatic differentiation.
//
// Conventions of every header in this folder:
//  - a function that returns `ht_tensor *` returns a new handle, to be released with `ht_free`, or null when it failed;
//  - a function that returns `bool` returns false when it failed, unless its comment says that it answers a question;
//  - after a failure `ht_last_error` gives one sentence, valid on the same thread until its next failure;
//  - negative dimensions count from the end; shapes are row-major; nothing keeps a pointer that was passed in.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A tensor of libtorch; reference counted inside, so that a handle may be released on any thread.
typedef struct ht_tensor ht_tensor;

/// Element types, with fixed numbers because they cross the language border.
enum {
    HT_FLOAT32 = 0,
    HT_BFLOAT16 = 1,
    HT_FLOAT64 = 2,
    HT_INT64 = 3,
    HT_BOOL = 4,
    HT_FLOAT16 = 5,
    HT_INT32 = 6,
    HT_UINT8 = 7
};

/// Kinds of devices. HT_REGISTERED is the one that an extension of libtorch has registered in this process.
enum { HT_CPU = 0, HT_CUDA = 1, HT_REGISTERED = 2 };

// MARK: Session

/// The sentence of this thread's latest failure; never null.
const char *ht_last_error(void);
/// The version of libtorch, for example "2.13.0".
const char *ht_version(void);
/// The instruction set that libtorch chose, for example "AVX512".
const char *ht_cpu_capability(void);
/// What the processor offers, from its own identification: "AVX512", "AVX2", "NEON" or "portable".
const char *ht_instruction_set(void);
/// Whether this libtorch has its CUDA part, loaded now if it was not (answers a question).
bool ht_has_cuda_build(void);
/// Why it has none, as the loader says it; empty where it has.
const char *ht_cuda_missing(void);
/// How many CUDA devices there are; 0 without the CUDA part or without a driver.
int ht_cuda_devices(void);
/// Makes the process's new tensors on a device from now on; `index` matters for CUDA only. CUDA uses deterministic algorithms where libtorch
/// has them. To be called before the first backward pass of the process, which remembers what devices there are.
bool ht_set_device(int kind, int index);
/// The kind of device a tensor lies on, or for null the one on which new tensors are made; -1 for a kind without a number.
int ht_device_kind(const ht_tensor *t);
/// The free memory of the device on which new tensors are made, in bytes; -1 for the processor and where it is not known.
int64_t ht_device_free_bytes(void);
/// The number of the device on which new tensors are made; 0 for kinds that have one only.
int ht_device_index(void);
/// How many threads the operations called from this thread may use.
int ht_threads(void);
/// Sets the thread count of operations; 1 or more.
bool ht_set_threads(int count);
/// How many handles are alive in the process.
int64_t ht_live_handles(void);
/// Keeps freed blocks in the process instead of handing them back to the kernel: page faults cost up to a tenth of a
/// training step. False where the allocator does not offer it.
bool ht_keep_memory(void);
/// Whether operations on this thread record a graph (answers a question).
bool ht_grad_mode(void);
/// Switches recording on this thread.
void ht_set_grad_mode(bool on);
/// Names the calling thread; at most 15 bytes are kept.
bool ht_thread_name(const char *name);
/// Flushes the C streams and leaves the process at once, without running static destructors under busy threads.
void ht_leave_process(int code);
/// The resident memory of the process in bytes; 0 where unknown.
int64_t ht_resident_bytes(void);

// MARK: Making and moving

/// A tensor with a copy of `bytes` bytes, which must be exactly what the shape and type need.
ht_tensor *ht_from_bytes(const void *data, size_t bytes, const int64_t *shape, int rank, int dtype);
ht_tensor *ht_full(const int64_t *shape, int rank, double value, int dtype);
ht_tensor *ht_full_int(const int64_t *shape, int rank, int64_t value, int dtype);
ht_tensor *ht_arange(int64_t start, int64_t end, int64_t step, int dtype);
/// Uninitialised memory of the same shape and type.
ht_tensor *ht_empty_like(const ht_tensor *t);
ht_tensor *ht_zeros_like(const ht_tensor *t);
ht_tensor *ht_clone(const ht_tensor *t);
/// A second handle to the same tensor (same storage, same graph node).
ht_tensor *ht_retain(const ht_tensor *t);
/// Copies the elements in row-major order; `bytes` must be exactly `ht_bytes(t)`.
bool ht_read(const ht_tensor *t, void *out, size_t bytes);
/// The value of a tensor of one element, as float64.
bool ht_item(const ht_tensor *t, double *out);
/// The value of a tensor of one element, as int64.
bool ht_item_int(const ht_tensor *t, int64_t *out);
/// The address of the first element; null when the tensor is not contiguous or lies on another device than the processor.
void *ht_data(const ht_tensor *t);
int ht_rank(const ht_tensor *t);
int64_t ht_size(const ht_tensor *t, int dimension);
/// The element type, or -1 for one that has no number here.
int ht_dtype(const ht_tensor *t);
int64_t ht_count(const ht_tensor *t);
/// The size of all elements in bytes.
int64_t ht_bytes(const ht_tensor *t);
bool ht_is_contiguous(const ht_tensor *t);
ht_tensor *ht_to(const ht_tensor *t, int dtype);
/// Overwrites `to` with the elements of `from`, converted and broadcast.
bool ht_copy_(ht_tensor *to, const ht_tensor *from);
void ht_free(ht_tensor *t);

// MARK: Automatic differentiation

/// Makes a leaf collect (or stop collecting) a gradient.
bool ht_require_grad(ht_tensor *t, bool on);
/// Whether a gradient flows into the tensor (answers a question).
bool ht_requires_grad(const ht_tensor *t);
/// Whether the tensor holds on to a recorded graph (answers a question).
bool ht_has_graph(const ht_tensor *t);
/// Whether the leaf holds a gradient (answers a question).
bool ht_has_grad(const ht_tensor *t);
/// The gradient collected so far; fails when there is none.
ht_tensor *ht_grad(const ht_tensor *t);
bool ht_clear_grad(ht_tensor *t);
/// Adds `gradient` to what the leaf has collected.
bool ht_accumulate_grad(ht_tensor *t, const ht_tensor *gradient);
/// Adds the gradient of `t` to all leaves below it. `seed` is the gradient of `t`, null for a single number.
bool ht_backward(const ht_tensor *t, const ht_tensor *seed, bool keep_graph);
ht_tensor *ht_detach(const ht_tensor *t);

#ifdef __cplusplus
}
#endif
