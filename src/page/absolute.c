/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Absolute effects: what a relative effect makes of a risk. Guyatt et al. (2013),
 * doi:10.1016/j.jclinepi.2012.01.012; hazard ratios Skoetz et al. (2020),
 * doi:10.1016/j.jclinepi.2019.10.015. */
#include "analysis/options.h"
#include "core/error.h"
#include "core/number.h"
#include "page/page.h"
#include "report/builders.h"
#include "report/view.h"

#include <math.h>
#include <string.h>

/* Differences are written so that small effects keep their digits. */
mtp_page_risk mtp_page_risk_with(mtp_measure measure, double baseline, double effect)
{
    double other = 1.0 - baseline, risk, difference;

    switch (measure) {
    case MTP_OR:
    case MTP_PETO:
        risk = effect * baseline / (other + effect * baseline);
        difference = baseline * other * (effect - 1.0) / (other + effect * baseline);
        break;
    case MTP_RR:
        risk = effect * baseline;
        difference = baseline * (effect - 1.0);
        break;
    case MTP_RD:
        risk = baseline + effect;
        difference = effect;
        break;
    case MTP_HR:
        risk = -expm1(effect * log1p(-baseline));
        difference = -other * expm1((effect - 1.0) * log1p(-baseline));
        break;
    default:
        risk = difference = MTP_NONE;
    }
    if (!(risk >= 0.0 && risk <= 1.0)) {
        risk = difference = MTP_NONE;
    }
    return (mtp_page_risk){risk, difference};
}

static const char *formula_of(mtp_measure measure)
{
    switch (measure) {
    case MTP_OR:
    case MTP_PETO:
        return "OR p / (1 - p + OR p)";
    case MTP_RR:
        return "RR p";
    case MTP_RD:
        return "p + RD";
    case MTP_HR:
        return "1 - (1 - p)^HR";
    default:
        return NULL;
    }
}

bool mtp_page_has_absolute(const mtp_page_work *page)
{
    return formula_of(page->pool.bundle->measure->measure) != NULL;
}

static mtp_status add_risk(mtp_page_work *page, const char *text, size_t length,
                           mtp_error *err)
{
    double risk;

    if (mtp_number_parse(text, length, &risk) != MTP_NUMBER_OK ||
        !(risk > 0.0 && risk < 1.0)) {
        return mtp_fail(err, MTP_E_ARG,
                        "--baseline-risk %.*s: give risks between 0 and 1, as 0.05,0.1",
                        (int)length, text);
    }
    if (page->n_risks == MTP_PAGE_RISKS) {
        return mtp_fail(err, MTP_E_ARG, "--baseline-risk: more than %d risks",
                        MTP_PAGE_RISKS);
    }
    page->risk[page->n_risks++] = risk;
    return MTP_OK;
}

mtp_status mtp_page_read_risks(mtp_page_work *page, mtp_error *err)
{
    const char *code = page->request->given[MTP_OPT_MEASURE];
    const mtp_measure_info *measure = mtp_measure_from_code(code ? code : "GEN");
    const char *at = page->request->given[MTP_OPT_BASELINE_RISK];
    mtp_status status = MTP_OK;

    if (at && measure && !formula_of(measure->measure)) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--baseline-risk: absolute effects are made of OR, PETO, RR, "
                        "RD and HR, not of %s",
                        measure->code);
    }
    while (at && status == MTP_OK) {
        size_t length;

        at += strspn(at, " ");
        length = strcspn(at, ",\n");
        status = add_risk(page, at, length, err);
        at = at[length] ? at + length + 1 : NULL;
    }
    return status;
}

/* One decimal, whatever the digits of the page are. */
static mtp_doc_cell per_1000(const mtp_page_work *page, mtp_doc_kind kind, double first,
                             double second)
{
    mtp_doc_cell cell = mtp_doc_cell_pair(kind, 1000.0 * first, 1000.0 * second);

    cell.more = 1 - page->digits;
    return cell;
}

static void add_row(mtp_document *doc, const mtp_page_work *page, double baseline,
                    const mtp_estimate *e)
{
    mtp_measure measure = page->pool.bundle->measure->measure;
    mtp_page_risk at = mtp_page_risk_with(measure, baseline, e->back.estimate),
                  low = mtp_page_risk_with(measure, baseline, e->back.ci_lower),
                  high = mtp_page_risk_with(measure, baseline, e->back.ci_upper);
    mtp_doc_cell *cell = mtp_doc_row_new(doc);

    cell[0] = per_1000(page, MTP_DOC_ESTIMATE, baseline, 0.0);
    cell[1] = per_1000(page, MTP_DOC_ESTIMATE, at.risk, 0.0);
    cell[2] = per_1000(page, MTP_DOC_INTERVAL, low.risk, high.risk);
    cell[3] = per_1000(page, MTP_DOC_ESTIMATE, at.difference, 0.0);
    cell[4] = per_1000(page, MTP_DOC_INTERVAL, low.difference, high.difference);
}

static void add_table(mtp_document *doc, const mtp_page_work *page,
                      const mtp_estimate *e)
{
    const char *interval = mtp_build_level(doc, page->pool.bundle, "interval");
    const mtp_doc_column column[] = {{"baseline", "Baseline", false, false},
                                     {"risk", "With the effect", false, false},
                                     {"risk_ci", interval, false, false},
                                     {"difference", "Difference", false, false},
                                     {"difference_ci", interval, false, false}};

    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t i = 0; i < page->n_risks; i++) {
        add_row(doc, page, page->risk[i], e);
    }
}

void mtp_page_write_absolute(mtp_page_work *page)
{
    const mtp_bundle *bundle = page->pool.bundle;
    mtp_pooled overall = mtp_view_pooled(&bundle->pool->overall);
    bool common = mtp_page_is_common(page);
    const mtp_estimate *shown = common ? &overall.common : &overall.random;
    mtp_document doc;

    mtp_page_begin(&doc, page);
    mtp_doc_paragraph(&doc);
    if (page->n_risks == 0) {
        mtp_doc_text(&doc, "No baseline risk was given (--baseline-risk), so there are "
                           "no absolute effects.");
    } else if (isnan(shown->estimate)) {
        mtp_doc_text(&doc, "Without an estimate there are no absolute effects.");
    } else {
        mtp_doc_text(&doc,
                     "Events per 1000 people, with the %s of %s and the limits of its "
                     "interval. A baseline risk p becomes %s; it is taken as known.",
                     bundle->measure->natural,
                     common ? "the common effect" : "random effects",
                     formula_of(bundle->measure->measure));
        add_table(&doc, page, shown);
    }
    mtp_page_put(page, &doc, NULL);
}
