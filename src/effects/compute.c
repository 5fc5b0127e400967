/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From raw data to effects: options, the zero-cell rule, the handle. */
#include "metapool/effects.h"

#include "core/arena.h"
#include "core/error.h"
#include "core/notes.h"
#include "core/number.h"
#include "effects/check.h"
#include "effects/generic.h"
#include "effects/kernel.h"

#include <math.h>
#include <string.h>

/* The handle: the caller sees its first member. */
typedef struct owned_effects {
    mtp_effects effects;
    mtp_raw raw;
    mtp_arena *arena;
} owned_effects;

/* What the stages of one computation share. */
typedef struct work {
    const mtp_effects_options *options;
    const mtp_raw *raw;
    double add;
    double *yi, *vi;
    unsigned char *corrected;
    mtp_note_list notes;
} work;

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

void mtp_effects_options_init(mtp_effects_options *options, size_t size)
{
    const mtp_effects_options defaults = {
        .size = size,
        .measure = MTP_GEN,
        .add = (double)NAN,
        .to = MTP_ADD_ONLY0,
        .vtype = MTP_VTYPE_LS,
        .input_level = 0.95,
        .allow_fractional = false,
    };

    memcpy(options, &defaults, smaller(size, sizeof defaults));
}

/* The caller's options as far as its version knows them, defaults beyond. */
static mtp_effects_options complete(const mtp_effects_options *given)
{
    mtp_effects_options options;

    mtp_effects_options_init(&options, sizeof options);
    if (given) {
        memcpy(&options, given, smaller(given->size, sizeof options));
        options.size = sizeof options;
    }
    return options;
}

static mtp_raw complete_raw(const mtp_raw *given)
{
    mtp_raw raw = {0};

    memcpy(&raw, given, smaller(given->size, sizeof raw));
    raw.size = sizeof raw;
    return raw;
}

static bool has_empty_cell(const mtp_raw *raw, mtp_input_kind input, size_t i)
{
    double x = raw->column[MTP_ROLE_EVENTS][i];

    return x == 0.0 || (input == MTP_INPUT_EVENTS_N && x == raw->column[MTP_ROLE_N][i]);
}

static void note_correction(work *w, mtp_input_kind input, size_t empty, bool all)
{
    bool counts = input == MTP_INPUT_EVENTS_N;
    const char *cells = counts ? "events and non-events" : "events";
    const char *which = counts ? "no events or nothing but events" : "no events";
    char add[MTP_NUMBER_TEXT];

    mtp_number_format(w->add, add);
    if (all) {
        mtp_note_add(&w->notes, MTP_NOTE_ZERO_CELLS_CORRECTED, 0,
                     "%s was added to the %s of all %zu studies (%zu with %s)", add,
                     cells, w->raw->k, empty, which);
    } else {
        mtp_note_add(&w->notes, MTP_NOTE_ZERO_CELLS_CORRECTED, 0,
                     "%s was added to the %s of studies with %s: %zu of %zu", add,
                     cells, which, empty, w->raw->k);
    }
}

/* Decide to which studies `add` is added. */
static void mark_corrected(work *w, mtp_input_kind input)
{
    mtp_add_to to = w->options->to;
    size_t empty = 0;
    bool all;

    if (w->add == 0.0 || to == MTP_ADD_NONE) {
        return;
    }
    for (size_t i = 0; i < w->raw->k; i++) {
        w->corrected[i] = has_empty_cell(w->raw, input, i);
        empty += w->corrected[i];
    }
    all = to == MTP_ADD_ALL || (to == MTP_ADD_IF0ALL && empty > 0);
    if (all) {
        memset(w->corrected, 1, w->raw->k);
    }
    if (all || empty) {
        note_correction(w, input, empty, all);
    }
}

/* The cells of study i with `add` in them. */
static void cells(const work *w, size_t i, double *x, double *m)
{
    double add = w->corrected[i] ? w->add : 0.0;

    *x = w->raw->column[MTP_ROLE_EVENTS][i] + add;
    *m = w->raw->column[MTP_ROLE_N][i] - w->raw->column[MTP_ROLE_EVENTS][i] + add;
}

static void average_variances(work *w)
{
    double sum_x = 0.0, sum_m = 0.0, x, m;

    for (size_t i = 0; i < w->raw->k; i++) {
        cells(w, i, &x, &m);
        sum_x += x;
        sum_m += m;
    }
    for (size_t i = 0; i < w->raw->k; i++) {
        cells(w, i, &x, &m);
        w->vi[i] = mtp_variance_average(w->options->measure, sum_x, sum_m, x + m);
    }
}

static void unbiased_variances(work *w)
{
    for (size_t i = 0; i < w->raw->k; i++) {
        double x, m;

        cells(w, i, &x, &m);
        w->vi[i] = mtp_variance_unbiased(x, m);
    }
}

/* Replace the large-sample variances by those of another type. */
static void apply_vtype(work *w)
{
    mtp_measure measure = w->options->measure;

    if (w->options->vtype == MTP_VTYPE_UB) {
        unbiased_variances(w);
    } else if (w->options->vtype == MTP_VTYPE_AV && measure == MTP_PRZ) {
        mtp_note_add(
            &w->notes, MTP_NOTE_NOT_DEFINED, 0,
            "variance type AV is not defined for measure PRZ; the large-sample "
            "variance was used");
    } else if (w->options->vtype == MTP_VTYPE_AV &&
               (measure == MTP_PR || measure == MTP_PLN || measure == MTP_PLO)) {
        average_variances(w);
    }
}

static void proportions(work *w)
{
    mark_corrected(w, MTP_INPUT_EVENTS_N);
    for (size_t i = 0; i < w->raw->k; i++) {
        double x, m;

        cells(w, i, &x, &m);
        mtp_effect_proportion(w->options->measure, x, m, &w->yi[i], &w->vi[i]);
    }
    apply_vtype(w);
}

static void rates(work *w)
{
    mark_corrected(w, MTP_INPUT_EVENTS_TIME);
    for (size_t i = 0; i < w->raw->k; i++) {
        double add = w->corrected[i] ? w->add : 0.0;

        mtp_effect_rate(w->options->measure, w->raw->column[MTP_ROLE_EVENTS][i] + add,
                        w->raw->column[MTP_ROLE_TIME][i], &w->yi[i], &w->vi[i]);
    }
}

/* Why study i has no usable effect. */
static mtp_status no_effect(const work *w, size_t i, mtp_error *err)
{
    const mtp_measure_info *info = mtp_measure_get(w->options->measure);
    mtp_role role = MTP_ROLE_EVENTS;
    const char *unless = "";

    if (info->input == MTP_INPUT_GENERIC) {
        role = w->raw->column[MTP_ROLE_SEI] ? MTP_ROLE_SEI : MTP_ROLE_CI_UPPER;
        return mtp_fail_at(
            err, MTP_E_DATA, NULL, i + 1, mtp_role_id(role),
            "the squared standard error is beyond the range of a double");
    }
    if (!w->corrected[i] && has_empty_cell(w->raw, info->input, i)) {
        unless = " unless its empty cell is corrected";
    }
    return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, mtp_role_id(role),
                       "the study has no finite %s effect with a positive variance%s",
                       info->code, unless);
}

/* Every effect finite, every variance positive. */
static mtp_status check_effects(const work *w, mtp_error *err)
{
    for (size_t i = 0; i < w->raw->k; i++) {
        if (!isfinite(w->yi[i]) || !isfinite(w->vi[i]) || w->vi[i] <= 0.0) {
            return no_effect(w, i, err);
        }
    }
    return MTP_OK;
}

static mtp_status compute(work *w, mtp_error *err)
{
    switch (mtp_measure_get(w->options->measure)->input) {
    case MTP_INPUT_GENERIC:
        mtp_effects_generic(w->raw, w->options->input_level, w->yi, w->vi, &w->notes);
        break;
    case MTP_INPUT_EVENTS_N:
        proportions(w);
        break;
    case MTP_INPUT_EVENTS_TIME:
        rates(w);
        break;
    }
    return w->notes.failed ? mtp_fail_nomem(err) : check_effects(w, err);
}

/* Allocate the result in its arena and fill it. */
static mtp_status build(const mtp_effects_options *options, const mtp_raw *raw,
                        mtp_arena *arena, owned_effects **result, mtp_error *err)
{
    owned_effects *own = MTP_ARENA_NEW(arena, owned_effects);
    work w = {.options = options};
    mtp_status status;

    w.yi = MTP_ARENA_ARRAY(arena, raw->k, double);
    w.vi = MTP_ARENA_ARRAY(arena, raw->k, double);
    w.corrected = mtp_arena_zalloc(arena, raw->k, 1);
    if (!own || !w.yi || !w.vi || !w.corrected) {
        return mtp_fail_nomem(err);
    }
    own->raw = *raw;
    own->arena = arena;
    w.raw = &own->raw;
    w.add = isnan(options->add) ? mtp_measure_get(options->measure)->add : options->add;
    mtp_note_list_init(&w.notes, arena);
    status = compute(&w, err);
    if (!status) {
        own->effects = (mtp_effects){.measure = mtp_measure_get(options->measure),
                                     .k = raw->k,
                                     .yi = w.yi,
                                     .vi = w.vi,
                                     .corrected = w.corrected,
                                     .raw = &own->raw,
                                     .notes = mtp_note_list_done(&w.notes)};
        *result = own;
    }
    return status;
}

/* A size that does not even reach the second member was never set. */
static mtp_status check_sizes(const mtp_effects_options *options, const mtp_raw *raw,
                              mtp_error *err)
{
    if (options && options->size < offsetof(mtp_effects_options, measure)) {
        return mtp_fail(err, MTP_E_ARG,
                        "the options have no size; mtp_effects_options_init sets it");
    }
    if (raw->size < offsetof(mtp_raw, k)) {
        return mtp_fail(err, MTP_E_ARG,
                        "the raw data have no size; it is sizeof(mtp_raw)");
    }
    return MTP_OK;
}

mtp_status mtp_effects_compute(const mtp_effects_options *options, const mtp_raw *raw,
                               mtp_effects **effects, mtp_error *err)
{
    mtp_effects_options used = complete(options);
    mtp_raw given = complete_raw(raw);
    owned_effects *own = NULL;
    mtp_arena *arena;
    mtp_status status = check_sizes(options, raw, err);

    if (!status) {
        status = mtp_effects_check_options(&used, &given, err);
    }
    if (!status && given.k == 0) {
        status = mtp_fail(err, MTP_E_DATA, "there are no studies");
    }
    if (!status) {
        status = mtp_effects_check_rows(&used, &given, err);
    }
    if (status) {
        return status;
    }
    arena = mtp_arena_new();
    status = arena ? build(&used, &given, arena, &own, err) : mtp_fail_nomem(err);
    if (status) {
        mtp_arena_free(arena);
        return status;
    }
    *effects = &own->effects;
    return MTP_OK;
}

void mtp_effects_free(mtp_effects *effects)
{
    if (effects) {
        mtp_arena_free(((owned_effects *)(void *)effects)->arena);
    }
}
