#pragma once
typedef struct ht_tensor ht_tensor;
