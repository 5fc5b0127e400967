/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From raw data to effects: options, the zero-cell rule, the handle. */
#include "metapool/effects.h"

#include "core/error.h"
#include "core/number.h"
#include "effects/check.h"
#include "effects/columns.h"
#include "effects/compute_check.h"
#include "effects/derive.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The handle: the caller sees its first member. */
typedef struct owned_effects {
    mtp_effects effects;
    mtp_raw raw;
    mtp_arena *arena;
} owned_effects;

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
        .correct = true,
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

/* Which studies come with yi and vi in place of raw data; every value possible. */
static mtp_status check_rows(mtp_effects_work *w, mtp_error *err)
{
    const mtp_family *family = mtp_family_of(w->options->measure);
    mtp_status status = MTP_OK;

    for (size_t i = 0; !status && i < w->raw->k; i++) {
        mtp_role lacking = MTP_ROLE_YI;

        if (!mtp_effects_can_use(w->options->measure, w->raw, i, &lacking)) {
            return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, mtp_role_id(lacking),
                               "the value is missing; leave the study out");
        }
        for (size_t r = 0; r < family->n_roles && !w->ready[i]; r++) {
            w->ready[i] = !w->raw->column[family->role[r]] ||
                          isnan(w->raw->column[family->role[r]][i]);
        }
        if (w->ready[i] && !w->origin[i]) {
            w->origin[i] = "yi and vi as given";
        }
        status = (w->ready[i] ? &mtp_family_generic : family)
                     ->check(w->options, w->raw, i, err);
    }
    return status;
}

static void note_correction(mtp_effects_work *w, const mtp_family *family, size_t empty,
                            bool all)
{
    char add[MTP_NUMBER_TEXT];

    if (w->options->tacc) {
        (void)snprintf(add, sizeof add, "the treatment-arm correction");
    } else {
        mtp_number_format(w->add, add);
    }
    if (all) {
        mtp_note_add(&w->notes, MTP_NOTE_ZERO_CELLS_CORRECTED, 0,
                     "%s was added to the %s of all %zu studies (%zu with %s)", add,
                     family->cells, w->raw->k, empty, family->empty);
    } else {
        mtp_note_add(&w->notes, MTP_NOTE_ZERO_CELLS_CORRECTED, 0,
                     "%s was added to the %s of studies with %s: %zu of %zu", add,
                     family->cells, family->empty, empty, w->raw->k);
    }
}

/* Decide to which studies `add` is added. */
static void mark_corrected(mtp_effects_work *w, const mtp_family *family)
{
    mtp_add_to to = w->options->to;
    size_t empty = 0;
    bool all;

    if (!family->has_empty_cell || to == MTP_ADD_NONE ||
        (w->add == 0.0 && !w->options->tacc)) {
        return;
    }
    for (size_t i = 0; i < w->raw->k; i++) {
        w->corrected[i] = !w->ready[i] && family->has_empty_cell(w->raw, i);
        empty += w->corrected[i];
    }
    all = to == MTP_ADD_ALL || (to == MTP_ADD_IF0ALL && empty > 0);
    for (size_t i = 0; all && i < w->raw->k; i++) {
        w->corrected[i] = !w->ready[i];
    }
    if (all || empty) {
        note_correction(w, family, empty, all);
    }
}

void mtp_added(const mtp_effects_work *w, size_t i, double add[2])
{
    double size[2];

    add[0] = add[1] = w->corrected[i] ? w->add : 0.0;
    if (w->corrected[i] && w->options->tacc) {
        mtp_family_of(w->options->measure)->arms(w->raw, i, size);
        add[0] = size[0] / (size[0] + size[1]);
        add[1] = size[1] / (size[0] + size[1]);
    }
}

/* An effect is finite, its variance positive; why study i has none. */
static mtp_status check_effect(const mtp_effects_work *w, size_t i, double yi,
                               double vi, mtp_error *err)
{
    const mtp_family *family = mtp_family_of(w->options->measure);
    const char *unless = "";

    if (isfinite(yi) && isfinite(vi) && vi > 0.0) {
        return MTP_OK;
    }
    if (!w->corrected[i] && family->has_empty_cell &&
        family->has_empty_cell(w->raw, i)) {
        unless = " unless its empty cell is corrected (--add)";
    }
    return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, mtp_role_id(family->role[0]),
                       "the study has no finite %s effect with a positive variance%s",
                       w->measure->code, unless);
}

static mtp_status compute(mtp_effects_work *w, double yi[], double vi[], mtp_error *err)
{
    const mtp_family *family = mtp_family_of(w->options->measure);
    mtp_status status = check_rows(w, err);

    if (status != MTP_OK) {
        return status;
    }
    mark_corrected(w, family);
    if (family->prepare) {
        family->prepare(w);
    }
    for (size_t i = 0; status == MTP_OK && !w->notes.failed && i < w->raw->k; i++) {
        (w->ready[i] ? &mtp_family_generic : family)->effect(w, i, &yi[i], &vi[i]);
        status = check_effect(w, i, yi[i], vi[i], err);
    }
    return w->notes.failed ? mtp_fail_nomem(err) : status;
}

/* Allocate the result in its arena and fill it. */
static mtp_status build(const mtp_effects_options *options, const mtp_raw *raw,
                        mtp_arena *arena, owned_effects **result, mtp_error *err)
{
    owned_effects *own = MTP_ARENA_NEW(arena, owned_effects);
    mtp_effects_work w = {.options = options,
                          .measure = mtp_measure_get(options->measure),
                          .arena = arena};
    double *yi = MTP_ARENA_ARRAY(arena, raw->k, double);
    double *vi = MTP_ARENA_ARRAY(arena, raw->k, double);
    mtp_status status;

    w.corrected = mtp_arena_zalloc(arena, raw->k, 1);
    w.ready = mtp_arena_zalloc(arena, raw->k, 1);
    w.origin = mtp_arena_zalloc(arena, raw->k, sizeof *w.origin);
    if (!own || !yi || !vi || !w.corrected || !w.ready || !w.origin) {
        return mtp_fail_nomem(err);
    }
    own->raw = *raw;
    own->arena = arena;
    w.raw = &own->raw;
    w.add = isnan(options->add) ? w.measure->add : options->add;
    mtp_note_list_init(&w.notes, arena);
    status = mtp_derive_columns(&w, &own->raw, err);
    if (status == MTP_OK) {
        status = compute(&w, yi, vi, err);
    }
    if (status == MTP_OK) {
        status = mtp_forget_stand_ins(&w, &own->raw, err);
    }
    if (status == MTP_OK) {
        own->effects = (mtp_effects){.measure = w.measure,
                                     .k = raw->k,
                                     .yi = yi,
                                     .vi = vi,
                                     .corrected = w.corrected,
                                     .raw = &own->raw,
                                     .notes = mtp_note_list_done(&w.notes),
                                     .origin = w.origin};
        *result = own;
        if (!mtp_total_columns(&own->raw, arena, &own->effects)) {
            return mtp_fail_nomem(err);
        }
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
        status = mtp_check_effects_options(&used, &given, err);
    }
    if (!status && given.k == 0) {
        status = mtp_fail(err, MTP_E_DATA, "there are no studies");
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

bool mtp_effects_is_uninformative(const mtp_effects_options *options,
                                  const mtp_raw *raw, size_t i, const char **why)
{
    mtp_effects_options used = complete(options);
    mtp_raw given = complete_raw(raw), one;
    const mtp_family *family = mtp_family_of(used.measure);
    double value[MTP_ROLE_COUNT];
    const char *reason = NULL;

    if (family->uninformative) {
        mtp_derive_study(&used, &given, i, value, &one);
        for (size_t r = 0; r < family->n_roles; r++) {
            if (isnan(value[family->role[r]])) {
                return false;
            }
        }
        if (family->check(&used, &one, 0, NULL) == MTP_OK) {
            reason = family->uninformative(used.measure, &one, 0);
        }
    }
    if (reason && why) {
        *why = reason;
    }
    return reason != NULL;
}

void mtp_effects_free(mtp_effects *effects)
{
    if (effects) {
        mtp_arena_free(((owned_effects *)(void *)effects)->arena);
    }
}
