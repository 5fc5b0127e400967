/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ids and labels of the methods, and the default options. */
#include "metapool/pool.h"

#include "core/ascii.h"

#include <math.h>
#include <string.h>

typedef struct name_row {
    const char *id, *label;
} name_row;

static int find(const name_row rows[], int count, const char *id)
{
    for (int i = 0; i < count; i++) {
        if (mtp_ascii_same(rows[i].id, id)) {
            return i;
        }
    }
    return -1;
}

/* The rows of a registry and its three functions. */
#define NAME_ROW(name, id, label) [name] = {id, label},
#define REGISTRY(prefix, type, list, count)                                            \
    static const name_row prefix##_rows[count] = {list(NAME_ROW)};                     \
                                                                                       \
    const char *mtp_##prefix##_id(type method)                                         \
    {                                                                                  \
        return prefix##_rows[method].id;                                               \
    }                                                                                  \
                                                                                       \
    const char *mtp_##prefix##_label(type method)                                      \
    {                                                                                  \
        return prefix##_rows[method].label;                                            \
    }                                                                                  \
                                                                                       \
    int mtp_##prefix##_from_id(const char *id)                                         \
    {                                                                                  \
        return find(prefix##_rows, count, id);                                         \
    }

/* clang-format off */
REGISTRY(method, mtp_method, MTP_METHOD_LIST, MTP_METHOD_COUNT)
REGISTRY(model, mtp_model, MTP_MODEL_LIST, MTP_MODEL_COUNT)
REGISTRY(tau2, mtp_tau2_method, MTP_TAU2_LIST, MTP_TAU2_COUNT)
REGISTRY(tau2_ci, mtp_tau2_ci_method, MTP_TAU2_CI_LIST, MTP_TAU2_CI_COUNT)
REGISTRY(ci, mtp_ci_method, MTP_CI_LIST, MTP_CI_COUNT)
REGISTRY(pi, mtp_pi_method, MTP_PI_LIST, MTP_PI_COUNT)
REGISTRY(level_df, mtp_level_df, MTP_LEVEL_DF_LIST, MTP_LEVEL_DF_COUNT)
/* clang-format on */

void mtp_pool_options_init(mtp_pool_options *options, size_t size)
{
    mtp_pool_options defaults = {.size = size,
                                 .method = MTP_METHOD_INVERSE,
                                 .tau2 = MTP_TAU2_REML,
                                 .tau2_scope = MTP_TAU2_SEPARATE,
                                 .ci = MTP_CI_HKSJ,
                                 .predict = MTP_PI_AUTO,
                                 .level = 0.95,
                                 .null_value = (double)NAN,
                                 .ft_n = MTP_FT_HARMONIC,
                                 .mh_to = MTP_ADD_ONLY0,
                                 .draws = 100000,
                                 .seed = 20240618,
                                 .robust = MTP_ROBUST_CR2,
                                 .level_df = MTP_LEVEL_DF_RESIDUAL,
                                 .threads = 1};

    memcpy(options, &defaults, size < sizeof defaults ? size : sizeof defaults);
}
