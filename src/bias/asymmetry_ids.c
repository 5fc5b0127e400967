/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ids and labels of the tests, their models and predictors, and the default options. */
#include "bias/asymmetry.h"
#include "core/ascii.h"
#include "core/error.h"

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
    const char *mtp_##prefix##_id(type value)                                          \
    {                                                                                  \
        return prefix##_rows[value].id;                                                \
    }                                                                                  \
                                                                                       \
    const char *mtp_##prefix##_label(type value)                                       \
    {                                                                                  \
        return prefix##_rows[value].label;                                             \
    }                                                                                  \
                                                                                       \
    int mtp_##prefix##_from_id(const char *id)                                         \
    {                                                                                  \
        return find(prefix##_rows, count, id);                                         \
    }

/* clang-format off */
REGISTRY(asymmetry, mtp_asymmetry_test, MTP_ASYMMETRY_LIST, MTP_ASYMMETRY_COUNT)
REGISTRY(asymmetry_model, mtp_asymmetry_model, MTP_ASYMMETRY_MODEL_LIST, MTP_ASYMMETRY_MODEL_COUNT)
REGISTRY(predictor, mtp_predictor, MTP_PREDICTOR_LIST, MTP_PREDICTOR_COUNT)
/* clang-format on */

void mtp_asymmetry_options_init(mtp_asymmetry_options *options, size_t size)
{
    mtp_asymmetry_options all = {.size = size,
                                 .test = MTP_ASYMMETRY_EGGER,
                                 .model = MTP_ASYMMETRY_LM,
                                 .predictor = MTP_PREDICTOR_SEI,
                                 .tau2 = MTP_TAU2_REML,
                                 .ci = MTP_CI_WALD,
                                 .level = 0.95,
                                 .alpha = 0.1};

    memcpy(options, &all, size < sizeof all ? size : sizeof all);
}

mtp_status mtp_asymmetry_check(const mtp_asymmetry_options *options,
                               mtp_asymmetry_options *used, mtp_error *err)
{
    if (options && options->size < offsetof(mtp_asymmetry_options, model)) {
        return mtp_fail(err, MTP_E_ARG,
                        "the options have no size; mtp_asymmetry_options_init sets it");
    }
    mtp_asymmetry_options_init(used, sizeof *used);
    if (options) {
        memcpy(used, options,
               options->size < sizeof *used ? options->size : sizeof *used);
        used->size = sizeof *used;
    }
    if ((unsigned)used->test >= MTP_ASYMMETRY_COUNT ||
        (unsigned)used->model >= MTP_ASYMMETRY_RANK ||
        (unsigned)used->predictor >= MTP_PREDICTOR_COUNT) {
        return mtp_fail(err, MTP_E_ARG, "an option has a value that does not exist");
    }
    if (!(used->level > 0.0 && used->level < 1.0)) {
        return mtp_fail(err, MTP_E_ARG,
                        "the confidence level is not between 0 and 1 (95%% is 0.95)");
    }
    if (!(used->alpha > 0.0 && used->alpha < 1.0)) {
        return mtp_fail(err, MTP_E_ARG,
                        "the level of the test in PET-PEESE is not between 0 and 1");
    }
    return MTP_OK; /* tau2, tau2_value and ci are mtp_regress's to refuse */
}
