/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selection models and p-uniform* out of a request. */
#include "analysis/choices.h"
#include "analysis/settings.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

/* "0.025, 0.5" as numbers. */
static mtp_status read_numbers(mtp_option_index option, const char *text, size_t max,
                               double number[], size_t *n, mtp_error *err)
{
    const char *name = mtp_option_get(option)->name;

    *n = 0;
    for (const char *at = text; *at;) {
        size_t length = strcspn(at, ",\n"), blank = strspn(at, " \t");
        size_t last = length;

        while (last > blank && (at[last - 1] == ' ' || at[last - 1] == '\t')) {
            last--;
        }
        if (*n == max) {
            return mtp_fail(err, MTP_E_ARG, "--%s: takes %zu numbers at most", name,
                            max);
        }
        if (blank >= last ||
            mtp_number_parse(at + blank, last - blank, &number[*n]) != MTP_NUMBER_OK) {
            return mtp_fail(err, MTP_E_ARG, "--%s: '%.*s' is not a number", name,
                            (int)length, at);
        }
        ++*n;
        at += length + (at[length] != '\0');
    }
    return MTP_OK;
}

static mtp_status resolve_steps(const mtp_request *r, mtp_bias_settings *b,
                                mtp_error *err)
{
    const char *text = r->given[MTP_OPT_STEPS];
    mtp_status status;

    if (!text) {
        return MTP_OK;
    }
    status = read_numbers(MTP_OPT_STEPS, text, MTP_SELECTION_STEPS_MAX, b->steps,
                          &b->n_steps, err);
    for (size_t i = 0; i < b->n_steps && status == MTP_OK; i++) {
        double before = i > 0 ? b->steps[i - 1] : 0.0;

        if (!(b->steps[i] > before && b->steps[i] < 1.0)) {
            status = mtp_fail(err, MTP_E_ARG,
                              "--steps %s: give p-values in ascending order, between 0 "
                              "and 1",
                              text);
        }
    }
    return status;
}

static bool is_number(const char *text)
{
    double number;

    return mtp_number_parse(text, strcspn(text, ",\n"), &number) == MTP_NUMBER_OK;
}

/* Names, or numbers; one weight more than there are steps. */
static mtp_status resolve_weights(const mtp_request *r, mtp_bias_settings *b,
                                  mtp_error *err)
{
    const char *text = r->given[MTP_OPT_SELECTION_WEIGHTS];
    mtp_choices names = {0};
    mtp_status status = MTP_OK;
    size_t steps = b->n_steps > 0 ? b->n_steps : 1;

    if (text && !is_number(text)) {
        status = mtp_choices_read(r, MTP_OPT_SELECTION_WEIGHTS, &names, err);
    } else if (text) {
        status =
            read_numbers(MTP_OPT_SELECTION_WEIGHTS, text, MTP_SELECTION_STEPS_MAX + 1,
                         b->weights, &b->n_weights, err);
        if (status == MTP_OK && b->n_weights != steps + 1) {
            status = mtp_fail(err, MTP_E_ARG,
                              "--selection-weights %s: %zu step%s divide%s the "
                              "p-values in %zu; give as many weights",
                              text, steps, steps == 1 ? "" : "s", steps == 1 ? "s" : "",
                              steps + 1);
        }
    }
    for (size_t i = 0; i < names.n; i++) {
        b->named[b->n_named++] = (mtp_vevea_woods)names.item[i];
    }
    for (int w = 0; b->all && !text && w < MTP_VEVEA_WOODS_COUNT; w++) {
        b->named[b->n_named++] = (mtp_vevea_woods)w;
    }
    for (size_t i = 0; i < b->n_named; i++) {
        mtp_choices_add_line(b->names, mtp_vevea_woods_id(b->named[i]));
    }
    for (size_t i = 0; i < b->n_weights && status == MTP_OK; i++) {
        if (!(b->weights[i] >= 0.0) || isinf(b->weights[i]) || b->weights[0] == 0.0) {
            status = mtp_fail(err, MTP_E_ARG,
                              "--selection-weights %s: give weights from 0, and the "
                              "first above 0",
                              text);
        }
    }
    return status;
}

/* Likelihoods have a tau2 of their own, or none. */
static mtp_status resolve_tau2(const mtp_request *r, mtp_settings *s, mtp_error *err)
{
    const mtp_bias_settings *b = &s->bias;
    bool given = s->pool.tau2 == MTP_TAU2_GIVEN;
    bool none = s->pool.tau2 == MTP_TAU2_EE || (given && s->pool.tau2_value == 0.0);
    bool likelihood =
        b->selection || b->p_uniform || b->n_named > 0 || b->n_weights > 0;

    s->bias.select.tau2 = none ? MTP_TAU2_EE : MTP_TAU2_ML;
    return !given || none || !likelihood || b->all
               ? MTP_OK
               : mtp_fail(err, MTP_E_UNSUPPORTED,
                          "--tau2 %s: selection models and p-uniform* estimate tau2 by "
                          "maximum likelihood, or have none (EE); leave --tau2 out",
                          r->given[MTP_OPT_TAU2]);
}

/* Options that nothing reads. */
static mtp_status check_idle(const mtp_request *r, const mtp_settings *s,
                             mtp_error *err)
{
    const mtp_bias_settings *b = &s->bias;
    bool weighted = b->n_named > 0 || b->n_weights > 0;
    bool steps =
        (b->selection && b->select.type == MTP_SELECTION_STEP) || b->n_weights > 0;

    if (mtp_request_has(r, MTP_OPT_STEPS) && !steps) {
        return mtp_fail(err, MTP_E_ARG,
                        "--steps: they are of step functions; give --selection step, "
                        "or leave --steps out");
    }
    if (b->side_given && !b->selection && !weighted && !b->p_uniform) {
        return mtp_fail(err, MTP_E_ARG,
                        "--alternative: it is of selection models and p-uniform*; give "
                        "--selection, or leave --alternative out");
    }
    return b->p_uniform && b->side == MTP_SELECTION_TWO_SIDED
               ? mtp_fail(err, MTP_E_ARG,
                          "--alternative two.sided: p-uniform* takes one side; give "
                          "greater or less, or leave --p-uniform out")
               : MTP_OK;
}

mtp_status mtp_bias_resolve_selection(const mtp_request *r, mtp_settings *s,
                                      mtp_error *err)
{
    mtp_bias_settings *b = &s->bias;
    mtp_status status;

    mtp_selection_options_init(&b->select, sizeof b->select);
    b->select.level = s->level;
    if (mtp_request_has(r, MTP_OPT_SELECTION)) {
        b->select.type = (mtp_selection_type)mtp_request_choice(r, MTP_OPT_SELECTION);
    }
    b->side_given = mtp_request_has(r, MTP_OPT_ALTERNATIVE);
    if (b->side_given) {
        b->side = (mtp_selection_side)mtp_request_choice(r, MTP_OPT_ALTERNATIVE);
    }
    status = resolve_steps(r, b, err);
    if (status == MTP_OK) {
        status = resolve_weights(r, b, err);
    }
    if (status == MTP_OK) {
        status = resolve_tau2(r, s, err);
    }
    return status == MTP_OK ? check_idle(r, s, err) : status;
}
