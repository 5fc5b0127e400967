/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is worked: the studies, the rows that were left out, and how to read the lines.
 */
#include "explain/work.h"

#include <string.h>

enum { EXCLUDED_SHOWN = 20 };

static const char *study_word(size_t n)
{
    return n == 1 ? "study" : "studies";
}

/* Rows that --where left out, and those without an effect, with the reason. */
static void say_rows(mtp_explain_work *work)
{
    const mtp_ledger *ledger = &work->bundle->ledger;
    size_t n = ledger->n_excluded;

    if (ledger->filtered > 0) {
        mtp_solution_text(
            work->s, "%zu of the %zu rows of the table %s not selected (--where).",
            ledger->filtered, ledger->rows, ledger->filtered == 1 ? "is" : "are");
    }
    if (n > 0) {
        mtp_solution_text(work->s, "%zu row%s left out%s:", n, n == 1 ? " is" : "s are",
                          n > EXCLUDED_SHOWN ? ", the first of them" : "");
    }
    for (size_t i = 0; i < n && i < EXCLUDED_SHOWN; i++) {
        const mtp_excluded *row = &ledger->excluded[i];
        const char *name = row->study ? mtp_solution_name(work->s, row->study) : "";

        mtp_solution_text(
            work->s, "Row %zu%s%s%s: %s.", row->row, *name ? " (" : "", name,
            *name ? ")" : "",
            mtp_solution_name(work->s, row->reason ? row->reason : row->code));
    }
}

static void say_options(mtp_explain_work *work)
{
    const mtp_bundle *b = work->bundle;

    if (b->vtype != MTP_VTYPE_LS) {
        mtp_solution_text(work->s, "Sampling variances: %s (--vtype %s).",
                          mtp_vtype_label(b->vtype), mtp_vtype_id(b->vtype));
    }
    if (b->uncorrected) {
        mtp_solution_text(work->s, "Effects are not corrected for small samples "
                                   "(--correct no).");
    }
}

void mtp_explain_introduce(mtp_explain_work *work, const char *title)
{
    mtp_solution *s = work->s;
    const mtp_bundle *b = work->bundle;

    mtp_solution_heading(s, 1, "%s", title);
    mtp_solution_text(s, "Measure: %s (%s); %zu %s of %s.", b->measure->name,
                      b->measure->code, b->n_studies, study_word(b->n_studies),
                      mtp_solution_name(s, b->ledger.source));
    say_options(work);
    say_rows(work);
    mtp_solution_text(
        s,
        "Every line is a formula, the same with numbers, and its value, rounded to %d "
        "significant digits. Numbers enter with as many digits as it takes to get the "
        "digits of the value from what is shown; metapool has computed each line from "
        "this formula and compared it with the analysis. ln is the natural logarithm; "
        "`z(p)`, `t(p, f)` and `chi2(p, f)` are quantiles: values with the probability "
        "p below them; `upper_z(x)`, `upper_t(x, f)`, `upper_chi2(x, f)` and "
        "`upper_F(x, f, g)` are probabilities above x. Sums are over the studies i. A "
        "number that a table needs and that is made of the table's own sums, such as a "
        "mean, is told above it; its line follows below.",
        s->digits);
}

void mtp_explain_say_effects(mtp_explain_work *work)
{
    const mtp_measure_info *m = work->bundle->measure;

    if (m->input == MTP_INPUT_GENERIC) {
        mtp_solution_text(work->s,
                          "`y` is the effect of a study as the table gives it, `v` its "
                          "sampling variance, the square of its standard error.");
    } else {
        mtp_solution_text(work->s,
                          "`y` is the effect of a study, %s (%s), `v` its sampling "
                          "variance.",
                          m->scale, m->code);
    }
}
