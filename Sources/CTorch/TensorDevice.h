// Where tensors are made.
#pragma once

#include <ATen/ATen.h>

namespace ht {

/// The device of new tensors.
at::Device device();
/// The options of a new tensor of a type on that device.
at::TensorOptions placed(at::ScalarType type);

}  // namespace ht
