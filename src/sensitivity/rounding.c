/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What poolings and regressions of rounded inputs have in common. */
#include "metapool/rounding.h"

#include "core/error.h"
#include "core/names.h"
#include "core/notes.h"
#include "core/owned.h"
#include "sensitivity/rounding_job.h"

#include <math.h>
#include <string.h>

MTP_NAMES(rounding_way, mtp_rounding_way, MTP_ROUNDING_WAY_LIST, MTP_ROUNDING_WAY_COUNT)
MTP_NAMES(rounded, mtp_rounded, MTP_ROUNDED_LIST, MTP_ROUNDED_COUNT)

enum { MAX_DRAWS = 1000000, MAX_STARTS = 100000 };

void mtp_rounding_options_init(mtp_rounding_options *options, size_t size)
{
    const mtp_rounding_options defaults = {.size = size,
                                           .way = MTP_ROUNDING_BOUNDS,
                                           .draws = 10000,
                                           .starts = 64,
                                           .seed = 20240618,
                                           .threads = 1};

    mtp_options_give(options, size, &defaults, sizeof defaults);
}

mtp_status mtp_round_options(const mtp_rounding_options *given,
                             mtp_rounding_options *used, mtp_error *err)
{
    mtp_rounding_options_init(used, sizeof *used);
    if (given && given->size == 0) {
        return mtp_fail(err, MTP_E_ARG,
                        "rounding options without a size: call "
                        "mtp_rounding_options_init first");
    }
    if (given) {
        memcpy(used, given, given->size < sizeof *used ? given->size : sizeof *used);
        used->size = sizeof *used;
    }
    return (unsigned)used->way < MTP_ROUNDING_WAY_COUNT && used->draws >= 1 &&
                   used->draws <= MAX_DRAWS && used->starts >= 1 &&
                   used->starts <= MAX_STARTS
               ? MTP_OK
               : mtp_fail(err, MTP_E_ARG,
                          "rounding: 1 to %d draws, 1 to %d starts, bounds or draws",
                          MAX_DRAWS, MAX_STARTS);
}

mtp_rounding_range mtp_round_no_range(void)
{
    return (mtp_rounding_range){(double)NAN, (double)NAN, (double)NAN, (double)NAN};
}

mtp_rounding_range mtp_round_range(const mtp_round_job *job,
                                   const mtp_round_found *found, size_t figure)
{
    return isnan(job->base[figure])
               ? mtp_round_no_range()
               : (mtp_rounding_range){job->base[figure], found->lower[figure],
                                      found->upper[figure], found->median[figure]};
}

mtp_rounding_test mtp_round_test(const mtp_round_job *job, const mtp_round_found *found,
                                 size_t figure, const char *name)
{
    return (mtp_rounding_test){name, mtp_round_range(job, found, figure),
                               mtp_round_range(job, found, figure + 1)};
}

void mtp_rounding_free(mtp_rounding_result *result)
{
    mtp_owned_free(result);
}

static void add_notes(mtp_rounding_result *r, size_t k, size_t n_left_out)
{
    mtp_note_list notes;
    size_t first = 0;

    mtp_note_list_init(&notes, mtp_owned_arena(r));
    while (first < k && !r->clipped[first]) {
        first++;
    }
    for (size_t i = first; i < k; i++) {
        r->n_clipped += r->clipped[i];
    }
    if (r->n_clipped > 0) {
        mtp_note_add(&notes, MTP_NOTE_ROUNDING_CLIPPED, first + 1,
                     "rounding: within half a unit of what was printed, the inputs of "
                     "%zu stud%s can be impossible (limits that meet, a standard error "
                     "of 0); they were moved as far as a study is possible",
                     r->n_clipped, r->n_clipped == 1 ? "y" : "ies");
    }
    if (r->failed > 0) {
        mtp_note_add(&notes, MTP_NOTE_NOT_DEFINED, 0,
                     "rounding: %zu of %zu fits lack a figure that there is of the "
                     "inputs as printed, and are left out there",
                     r->failed, r->fits);
    }
    if (n_left_out > 0) {
        mtp_note_add(&notes, MTP_NOTE_NOT_DEFINED, 0,
                     "rounding: %zu marginal means and predictions have no bounds, for "
                     "they are more than %d; ask for fewer",
                     n_left_out, MTP_ROUNDING_PREDICTIONS_MAX);
    }
    r->notes = mtp_note_list_done(&notes);
    if (notes.failed) {
        r->notes.count = 0;
    }
}

mtp_status mtp_round_run(mtp_round_job *job, const double *const half[MTP_ROLE_COUNT],
                         mtp_rounding_result *r, mtp_arena *scratch,
                         mtp_round_found *found, mtp_error *err)
{
    mtp_status status = mtp_round_columns(job, half, err);

    if (status != MTP_OK) {
        return status;
    }
    if (!mtp_round_found_make(job, mtp_owned_arena(r), found)) {
        return mtp_fail_nomem(err);
    }
    status = mtp_round_steps(job, scratch, found, err);
    if (status == MTP_OK && job->options.way == MTP_ROUNDING_DRAWS) {
        status = mtp_round_draw(job, scratch, found);
    } else if (status == MTP_OK) {
        status = mtp_round_search(job, scratch, found);
    }
    if (status != MTP_OK) {
        return status == MTP_E_NOMEM ? mtp_fail_nomem(err) : status;
    }
    r->n_inputs = job->n_inputs;
    r->fits = found->fits;
    r->failed = found->failed;
    r->clipped = found->clipped;
    r->options = job->options;
    add_notes(r, job->k, job->n_left_out);
    return MTP_OK;
}
