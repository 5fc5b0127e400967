/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tests for asymmetry: which of them, and their answers. */
#include "bias_analysis/steps.h"
#include "core/error.h"
#include "core/strbuf.h"

#include <math.h>
#include <string.h>

enum { NAMES_TEXT = 160 };

/* Every test that applies to the effects. */
static mtp_status find_applicable(mtp_bias_run *run)
{
    mtp_bias_analysis *a = &run->owned->analysis;
    mtp_asymmetry_test *list =
        MTP_ARENA_ARRAY(run->arena, MTP_ASYMMETRY_COUNT, mtp_asymmetry_test);

    if (!list) {
        return mtp_fail_nomem(run->err);
    }
    for (int t = 0; t < MTP_ASYMMETRY_COUNT; t++) {
        if (mtp_asymmetry_applies((mtp_asymmetry_test)t, run->effects, NULL) ==
            MTP_OK) {
            list[a->n_applicable++] = (mtp_asymmetry_test)t;
        }
    }
    a->applicable = list;
    return MTP_OK;
}

/* A test that was named and does not apply: those that do are named in return. */
static mtp_status refuse(const mtp_bias_run *run, const mtp_error *problem)
{
    const mtp_bias_analysis *a = &run->owned->analysis;
    char names[NAMES_TEXT] = "";

    for (size_t i = 0; i < a->n_applicable; i++) {
        size_t length = strlen(names);

        mtp_copy_text(names + length, sizeof names - length, i ? ", " : "");
        length = strlen(names);
        mtp_copy_text(names + length, sizeof names - length,
                      mtp_asymmetry_id(a->applicable[i]));
    }
    return mtp_fail(run->err, problem->status, "%s; the tests that apply: %s",
                    problem->message, names);
}

/* The tests to be made. */
static mtp_status choose(mtp_bias_run *run, mtp_bias_test tests[], size_t *n)
{
    const mtp_bias_settings *b = run->asked;
    const mtp_bias_analysis *a = &run->owned->analysis;
    const mtp_effects *effects = run->effects;
    mtp_error problem;

    for (size_t i = 0; i < b->n_tests; i++) {
        if (mtp_asymmetry_applies(b->test[i], effects, &problem) != MTP_OK) {
            return refuse(run, &problem);
        }
    }
    if (b->every_test) {
        for (size_t i = 0; i < a->n_applicable; i++) {
            tests[(*n)++].test = a->applicable[i];
        }
    } else if (b->default_test) {
        mtp_asymmetry_test test = mtp_asymmetry_default(effects->measure->measure);
        bool applies = mtp_asymmetry_applies(test, effects, &problem) == MTP_OK;

        if (!applies) {
            mtp_note_add(run->notes, MTP_NOTE_METHOD_SELECTED, 0, "%s; egger it is",
                         problem.message);
        }
        tests[(*n)++].test = applies ? test : MTP_ASYMMETRY_EGGER;
    }
    for (size_t i = 0; i < b->n_tests && !b->every_test; i++) {
        tests[(*n)++].test = b->test[i];
    }
    return MTP_OK;
}

/* The limit of rucker is an arcsine difference, whatever the measure is. */
static bool limit_is_of(mtp_asymmetry_test test, const mtp_measure_info *measure)
{
    return test != MTP_ASYMMETRY_RUCKER || measure->measure == MTP_AS;
}

static mtp_status make(mtp_bias_run *run, mtp_bias_test *test)
{
    static const mtp_bias_natural none = {(double)NAN, (double)NAN, (double)NAN};
    mtp_asymmetry_options options = run->asked->asymmetry;
    mtp_asymmetry_result **made = &run->owned->test[test->test];
    mtp_error problem;
    mtp_status status;

    options.test = test->test;
    test->back = none;
    status = mtp_asymmetry(run->effects, &options, made, &problem);
    if (status == MTP_E_UNSUPPORTED) { /* a predictor that the effects lack */
        return mtp_fail(run->err, status, "%s", problem.message);
    }
    if (status != MTP_OK) {
        return mtp_bias_settle(run, status, &problem, mtp_asymmetry_id(test->test),
                               &test->reason);
    }
    test->result = *made;
    mtp_bias_add_notes(run, NULL, &test->result->notes);
    if (limit_is_of(test->test, run->effects->measure)) {
        test->back = mtp_bias_back(run, &test->result->limit);
    }
    return mtp_bias_settle(run, MTP_OK, NULL, NULL, NULL);
}

mtp_status mtp_bias_tests(mtp_bias_run *run)
{
    mtp_bias_analysis *a = &run->owned->analysis;
    mtp_bias_test *tests =
        mtp_arena_zalloc(run->arena, MTP_ASYMMETRY_COUNT, sizeof *tests);
    mtp_status status = tests ? find_applicable(run) : mtp_fail_nomem(run->err);

    a->tests = tests;
    if (status == MTP_OK) {
        status = choose(run, tests, &a->n_tests);
    }
    for (size_t i = 0; i < a->n_tests && status == MTP_OK; i++) {
        status = make(run, &tests[i]);
    }
    return status;
}
