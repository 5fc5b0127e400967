/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bias/line.h"

#include "core/error.h"

#include <math.h>

enum { COLUMNS = 2 };

static mtp_status check(const mtp_line_data *data, const char *predictor,
                        mtp_error *err)
{
    if (data->k < 3) {
        return mtp_fail(err, MTP_E_DATA,
                        "%zu %s too few to test for asymmetry: a line and its error "
                        "take three studies",
                        data->k, data->k == 1 ? "study is" : "studies are");
    }
    for (size_t i = 1; i < data->k; i++) {
        if (data->x[i] != data->x[0]) {
            return MTP_OK;
        }
    }
    return mtp_fail(err, MTP_E_DATA,
                    "all studies have the same %s: nothing can be regressed on it",
                    predictor);
}

/* The notes of a regression on one column that are not about moderators or intervals
 * that nobody sees here. */
static bool concerns(const mtp_note *note, bool mixed)
{
    switch (note->code) {
    case MTP_NOTE_EXTREME_VARIANCES:
        return true;
    case MTP_NOTE_TAU2_ZERO:
    case MTP_NOTE_TAU2_TRUNCATED:
    case MTP_NOTE_MULTIPLE_MODES:
    case MTP_NOTE_HKSJ_NARROWER:
        return mixed;
    default:
        return false;
    }
}

static mtp_coefficient without_name(mtp_coefficient c)
{
    c.name = NULL;
    return c;
}

static void take(const mtp_regress_result *fit, bool mixed, mtp_note_list *notes,
                 mtp_line *line)
{
    line->intercept = without_name(fit->coefficient[0]);
    line->slope = without_name(fit->coefficient[1]);
    line->dispersion = mixed ? (double)NAN : fit->factor;
    line->tau2 = mixed ? fit->heterogeneity.tau2 : (double)NAN;
    for (size_t i = 0; i < fit->notes.count; i++) {
        mtp_notes one = {1, &fit->notes.item[i]};

        if (concerns(one.item, mixed)) {
            mtp_note_add_all(notes, &one);
        }
    }
    if (line->slope.se == 0.0) {
        mtp_note_add(notes, MTP_NOTE_HKSJ_ZERO_SE, 0,
                     "the effects lie on a line exactly: there is no standard error, "
                     "and no test");
    }
}

mtp_status mtp_line_fit(const mtp_line_data *data, const mtp_line_model *model,
                        const char *predictor, mtp_note_list *notes, mtp_line *line,
                        mtp_error *err)
{
    static const char *const names[COLUMNS] = {"intercept", "predictor"};
    mtp_effects effects = {.measure = mtp_measure_get(MTP_GEN),
                           .k = data->k,
                           .yi = data->y,
                           .vi = data->v};
    mtp_moderators columns = {
        .k = data->k, .p = COLUMNS, .name = names, .intercept = true};
    mtp_regress_options options;
    mtp_regress_result *fit = NULL;
    mtp_status status = check(data, predictor, err);
    double *x;

    if (status != MTP_OK) {
        return status;
    }
    x = mtp_arena_alloc(notes->arena, COLUMNS * data->k, sizeof *x);
    if (!x) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < data->k; i++) {
        x[COLUMNS * i] = 1.0;
        x[COLUMNS * i + 1] = data->x[i];
    }
    columns.x = x;
    mtp_regress_options_init(&options, sizeof options);
    options.tau2 = model->mixed ? model->tau2 : MTP_TAU2_EE;
    options.tau2_value = model->tau2_value;
    options.ci = model->mixed ? model->ci : MTP_CI_HKSJ;
    options.level = model->level;
    options.predict = MTP_PI_NONE;
    options.diagnostics = false;
    status = mtp_regress(&effects, &columns, &options, &fit, err);
    if (status == MTP_OK) {
        take(fit, model->mixed, notes, line);
    }
    mtp_regress_result_free(fit);
    return status;
}

mtp_line_model mtp_line_model_of(const mtp_asymmetry_options *options)
{
    return (mtp_line_model){.mixed = options->model == MTP_ASYMMETRY_MIXED,
                            .tau2 = options->tau2,
                            .tau2_value = options->tau2_value,
                            .ci = options->ci,
                            .level = options->level};
}
