/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fits without some of the studies, and of studies as they gather. */
#include "report/builders.h"
#include "report/sensitivity_view.h"
#include "report/view.h"

#include <math.h>
#include <stdlib.h>

enum { NAMED = 10, PAIRS_SHOWN = 10 };

/* What the fits of a list are of. */
typedef struct fits_view {
    const mtp_bundle *bundle;
    const mtp_subset_fits *fits;
    bool p, tau2; /* columns */
} fits_view;

static fits_view view_of(const mtp_bundle *bundle, const mtp_subset_fits *fits)
{
    fits_view v = {bundle, fits, !isnan(bundle->pool->options.null_value), false};

    v.tau2 = !bundle->sensitivity->common &&
             bundle->pool->options.method != MTP_METHOD_BETABINOMIAL;
    return v;
}

static double estimate_of(const fits_view *v, size_t i)
{
    return mtp_view_told(v->bundle, &v->fits->fit[i])->back.estimate;
}

/* The name of a fit: what is left out, or at which value of the order it stands. */
static const char *name_of(mtp_document *doc, const fits_view *v, size_t i)
{
    const size_t *pair = v->fits->pair;
    const char *text;

    if (v->fits->step) {
        return v->bundle->sensitivity->order_name[i];
    }
    if (!pair) {
        return mtp_view_left_out(v->bundle, i);
    }
    text =
        mtp_arena_printf(doc->arena, "%s and %s", v->bundle->studies[pair[2 * i]].name,
                         v->bundle->studies[pair[2 * i + 1]].name);
    doc->failed = doc->failed || !text;
    return text ? text : "";
}

static void begin_table(mtp_document *doc, const fits_view *v, size_t n,
                        const mtp_doc_column first[])
{
    mtp_doc_column column[8];
    size_t columns = 0;

    while (columns < n) {
        column[columns] = first[columns];
        columns++;
    }
    column[columns++] = (mtp_doc_column){"estimate", "Estimate", false, false};
    column[columns++] = (mtp_doc_column){
        "ci", mtp_build_level(doc, v->bundle, "interval"), false, false};
    if (v->p) {
        column[columns++] = (mtp_doc_column){"p", "p", false, false};
    }
    if (v->tau2) {
        column[columns++] = (mtp_doc_column){"tau2", "tau^2", false, false};
    }
    column[columns++] = (mtp_doc_column){"I2", "I^2, %", false, false};
    mtp_doc_table(doc, columns, column);
}

static void add_figures(mtp_document *doc, const fits_view *v, mtp_doc_cell *cell,
                        const mtp_subset_fit *fit)
{
    const mtp_subset_estimate *e = mtp_view_told(v->bundle, fit);

    *cell++ = mtp_build_natural(doc, e->back.estimate);
    *cell++ = mtp_build_natural_interval(doc, e->back.ci_lower, e->back.ci_upper);
    if (v->p) {
        *cell++ = mtp_doc_cell_pair(MTP_DOC_P, e->p, e->log_p);
    }
    if (v->tau2) {
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, fit->tau2);
    }
    *cell = mtp_doc_cell_number(MTP_DOC_PERCENT,
                                v->bundle->sensitivity->common ? fit->I2_Q : fit->I2);
}

static void add_row(mtp_document *doc, const fits_view *v, const char *without,
                    const mtp_subset_fit *fit)
{
    mtp_doc_cell *cell = mtp_doc_row_new(doc);

    cell[0] = mtp_doc_cell_text(without);
    add_figures(doc, v, cell + 1, fit);
}

/* The fits that conclude otherwise and lie there, by name; how many there are. */
static size_t list_changes(mtp_document *doc, const fits_view *v, mtp_view_side side)
{
    size_t n = 0;

    for (size_t i = 0; i < v->fits->n; i++) {
        if (!mtp_view_changes(v->bundle, v->fits, i) ||
            mtp_view_side_of(v->bundle, &v->fits->fit[i]) != side) {
            continue;
        }
        if (n < NAMED) {
            mtp_doc_text(doc, "%s%s", n > 0 ? "; " : " Without ", name_of(doc, v, i));
        }
        n++;
    }
    if (n > NAMED) {
        mtp_doc_text(doc, " and %zu others", n - NAMED);
    }
    return n;
}

static void add_null(mtp_document *doc, const fits_view *v)
{
    mtp_doc_number(doc, MTP_DOC_NUMBER, v->bundle->pool->options.null_value);
}

/* What the interval does to the hypothesis in the fits, against that of all studies. */
static void add_conclusion(mtp_document *doc, const fits_view *v)
{
    mtp_view_side all = mtp_view_side_of(v->bundle, &v->fits->all);
    bool around = all == MTP_SIDE_AROUND;
    const char *interval = mtp_build_level(doc, v->bundle, "interval");
    size_t changed = 0, known = 0;

    for (size_t i = 0; i < v->fits->n; i++) {
        known += mtp_view_side_of(v->bundle, &v->fits->fit[i]) != MTP_SIDE_UNKNOWN;
    }
    if (all == MTP_SIDE_UNKNOWN || known == 0) {
        return;
    }
    for (mtp_view_side side = MTP_SIDE_BELOW; side <= MTP_SIDE_ABOVE; side++) {
        size_t n = list_changes(doc, v, side);

        changed += n;
        if (n > 0) {
            mtp_doc_text(doc, ", the %s %s ", interval,
                         around                    ? "excludes"
                         : side == MTP_SIDE_AROUND ? "includes"
                                                   : "lies on the other side of");
            add_null(doc, v);
            mtp_doc_text(doc, ", which it %s with all studies.",
                         around ? "includes" : "excludes");
        }
    }
    if (changed == 0) {
        mtp_doc_text(doc, " The %s %s ", interval, around ? "includes" : "excludes");
        add_null(doc, v);
        mtp_doc_text(doc, " in %s%zu fit%s, as with all studies.",
                     known > 1 ? "all " : "the ", known, known == 1 ? "" : "s");
    } else if (changed < known) {
        mtp_doc_text(doc, " In the other %zu fit%s it %s ", known - changed,
                     known - changed == 1 ? "" : "s", around ? "includes" : "excludes");
        add_null(doc, v);
        mtp_doc_text(doc, " as there.");
    }
}

/* "Leaving out WHAT, the odds ratio lies between 0.46 (without A) and 0.53 (without
 * B)." */
static void add_range(mtp_document *doc, const fits_view *v, const char *what)
{
    size_t low = v->fits->n, high = v->fits->n;
    const char *natural = v->bundle->measure->natural;

    for (size_t i = 0; i < v->fits->n; i++) {
        double estimate = estimate_of(v, i);

        if (isnan(estimate)) {
            continue;
        }
        low = low == v->fits->n || estimate < estimate_of(v, low) ? i : low;
        high = high == v->fits->n || estimate > estimate_of(v, high) ? i : high;
    }
    mtp_doc_paragraph(doc);
    if (low == v->fits->n) {
        mtp_doc_text(doc, low > 0 ? "None of the fits exists; the notes say why."
                                  : "There are no two studies to leave out.");
        return;
    }
    mtp_doc_text(doc, "Leaving out %s, the %s lies between ", what, natural);
    mtp_doc_add(doc, mtp_build_natural(doc, estimate_of(v, low)));
    mtp_doc_text(doc, " (without %s) and ", name_of(doc, v, low));
    mtp_doc_add(doc, mtp_build_natural(doc, estimate_of(v, high)));
    mtp_doc_text(doc, " (without %s).", name_of(doc, v, high));
    add_conclusion(doc, v);
}

static void add_heading(mtp_document *doc, const mtp_bundle *bundle,
                        mtp_sensitivity analysis)
{
    mtp_doc_heading(doc, "%s (%s)", mtp_sensitivity_label(analysis),
                    mtp_build_plural(doc, bundle->measure->natural));
}

static void add_leave_one_out(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_sensitivity_analysis *s = bundle->sensitivity;
    const mtp_doc_column first[] = {{"without", "Without", true, MTP_DOC_WRAP}};
    const char *what = "any one study";
    fits_view v;

    if (!s->leave_one_out) {
        return;
    }
    v = view_of(bundle, s->leave_one_out);
    if (s->group) {
        what = mtp_arena_printf(doc->arena, "all studies of any one value of %s",
                                s->group);
        doc->failed = doc->failed || !what;
    }
    add_heading(doc, bundle, MTP_SENSITIVITY_LEAVE_ONE_OUT);
    add_range(doc, &v, what ? what : "");
    begin_table(doc, &v, 1, first);
    for (size_t i = 0; i < v.fits->n; i++) {
        add_row(doc, &v, name_of(doc, &v, i), &v.fits->fit[i]);
    }
    add_row(doc, &v, "(none)", &v.fits->all);
}

/* A fit and how far it is from that of all studies; -1 where there is none. */
typedef struct moved_fit {
    size_t index;
    double by;
} moved_fit;

static int farthest_first(const void *left, const void *right)
{
    const moved_fit *a = left, *b = right;

    return a->by != b->by ? (a->by > b->by ? -1 : 1)
                          : (a->index > b->index) - (a->index < b->index);
}

/* The fits in the order of how far they are from that of all studies. */
static moved_fit *rank_fits(mtp_document *doc, const fits_view *v)
{
    moved_fit *fit = MTP_ARENA_ARRAY(doc->arena, v->fits->n, moved_fit);
    double all = mtp_view_told(v->bundle, &v->fits->all)->estimate;

    doc->failed = doc->failed || !fit;
    for (size_t i = 0; fit && i < v->fits->n; i++) {
        double by = mtp_view_told(v->bundle, &v->fits->fit[i])->estimate - all;

        fit[i] = (moved_fit){i, isnan(by) ? -1.0 : fabs(by)};
    }
    if (fit) {
        qsort(fit, v->fits->n, sizeof *fit, farthest_first);
    }
    return fit;
}

static void add_leave_two_out(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_doc_column first[] = {{"without", "Without", true, MTP_DOC_WRAP}};
    const mtp_subset_fits *fits = bundle->sensitivity->leave_two_out;
    const moved_fit *order;
    fits_view v;
    size_t shown;

    if (!fits) {
        return;
    }
    v = view_of(bundle, fits);
    order = rank_fits(doc, &v);
    shown = fits->n > PAIRS_SHOWN ? PAIRS_SHOWN : fits->n;
    add_heading(doc, bundle, MTP_SENSITIVITY_LEAVE_TWO_OUT);
    add_range(doc, &v, "any two studies");
    if (shown < fits->n) {
        mtp_doc_paragraph(doc);
        mtp_doc_text(doc,
                     "The %zu pairs of %zu that move the estimate the most; the JSON "
                     "and CSV output list all of them.",
                     shown, fits->n);
    }
    begin_table(doc, &v, 1, first);
    for (size_t i = 0; order && i < shown; i++) {
        add_row(doc, &v, name_of(doc, &v, order[i].index), &fits->fit[order[i].index]);
    }
    add_row(doc, &v, "(none)", &fits->all);
}

/* "A, B" of the studies that enter at this step. */
static const char *entering(mtp_document *doc, const mtp_bundle *bundle, size_t step)
{
    const char *text = "";

    for (size_t i = mtp_view_entering(bundle, step, 0); text && i < bundle->n_studies;
         i = mtp_view_entering(bundle, step, i + 1)) {
        text = mtp_arena_printf(doc->arena, "%s%s%s", text, *text ? ", " : "",
                                bundle->studies[i].name);
    }
    doc->failed = doc->failed || !text;
    return text ? text : "";
}

/* From which step on the interval does to the hypothesis what it does at last. */
static void add_settled(mtp_document *doc, const fits_view *v)
{
    mtp_view_side last = mtp_view_side_of(v->bundle, &v->fits->all);
    size_t from = v->fits->n;

    while (from > 0 && mtp_view_side_of(v->bundle, &v->fits->fit[from - 1]) == last) {
        from--;
    }
    if (last == MTP_SIDE_UNKNOWN || from == v->fits->n) {
        return;
    }
    mtp_doc_text(doc, " From %s on (%zu stud%s), the %s %s ", name_of(doc, v, from),
                 v->fits->fit[from].k, v->fits->fit[from].k == 1 ? "y" : "ies",
                 mtp_build_level(doc, v->bundle, "interval"),
                 last == MTP_SIDE_AROUND ? "includes" : "excludes");
    add_null(doc, v);
    mtp_doc_text(doc, ".");
}

static void add_cumulative(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_sensitivity_analysis *s = bundle->sensitivity;
    const mtp_doc_column first[] = {{"added", "Added", true, MTP_DOC_WRAP},
                                    {"order", s->order, true, true},
                                    {"k", "k", false, false}};
    fits_view v;

    if (!s->cumulative) {
        return;
    }
    v = view_of(bundle, s->cumulative);
    add_heading(doc, bundle, MTP_SENSITIVITY_CUMULATIVE);
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc,
                 "The studies as they gather in the order of %s, equal ones "
                 "together.",
                 s->order);
    add_settled(doc, &v);
    begin_table(doc, &v, 3, first);
    for (size_t i = 0; i < v.fits->n; i++) {
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        cell[0] = mtp_doc_cell_text(entering(doc, bundle, i));
        cell[1] = mtp_doc_cell_text(s->order_name[i]);
        cell[2] = mtp_doc_cell_number(MTP_DOC_COUNT, (double)v.fits->fit[i].k);
        add_figures(doc, &v, cell + 3, &v.fits->fit[i]);
    }
}

void mtp_build_sensitivity_fits(mtp_document *doc, const mtp_bundle *bundle)
{
    add_leave_one_out(doc, bundle);
    add_leave_two_out(doc, bundle);
    add_cumulative(doc, bundle);
}
