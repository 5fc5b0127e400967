/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much a result rests on single studies, as it would stand in a paper. */
#include "report/builders.h"
#include "report/sensitivity_view.h"
#include "report/view.h"

#include <math.h>

/* The fit of all studies on one line. */
static void add_overall(mtp_document *doc, const mtp_bundle *bundle,
                        const mtp_pooled *overall)
{
    bool common = bundle->sensitivity->common;
    const mtp_estimate *e = common ? &overall->common : &overall->random;
    const mtp_heterogeneity *h = &overall->heterogeneity;

    mtp_doc_entry(doc, "All studies");
    if (isnan(e->estimate)) {
        mtp_doc_text(doc, "no estimate; the notes say why");
        return;
    }
    mtp_doc_text(doc, "%s ", bundle->measure->natural);
    mtp_doc_add(doc, mtp_build_natural(doc, e->back.estimate));
    mtp_doc_text(doc, ", %s ", mtp_build_level(doc, bundle, "interval"));
    mtp_doc_add(doc,
                mtp_build_natural_interval(doc, e->back.ci_lower, e->back.ci_upper));
    if (!common && !isnan(h->tau2)) {
        mtp_doc_text(doc, "; tau^2 ");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, h->tau2);
    }
    if (!isnan(common ? h->I2_Q : h->I2)) {
        mtp_doc_text(doc, "; I^2 ");
        mtp_doc_number(doc, MTP_DOC_PERCENT, common ? h->I2_Q : h->I2);
        mtp_doc_text(doc, "%%");
    }
}

static void add_pooled(mtp_document *doc, const mtp_bundle *bundle)
{
    mtp_pooled overall = mtp_view_pooled(&bundle->pool->overall);
    const mtp_measure_info *measure = bundle->measure;

    mtp_build_precision(doc, bundle);
    mtp_doc_title(doc, "Sensitivity of a meta-analysis of %zu stud%s: %s (%s)",
                  overall.k, overall.k == 1 ? "y" : "ies", measure->name,
                  measure->code);
    mtp_doc_entries(doc);
    mtp_build_data(doc, bundle);
    mtp_build_totals(doc, measure, &overall);
    mtp_build_measure(doc, bundle);
    mtp_build_model(doc, bundle);
    add_overall(doc, bundle, &overall);
}

static void add_regression(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_measure_info *measure = bundle->measure;

    mtp_doc_title(doc, "Sensitivity of a meta-regression of %zu studies: %s (%s)",
                  bundle->n_studies, measure->name, measure->code);
    mtp_doc_entries(doc);
    mtp_build_data(doc, bundle);
    mtp_build_measure(doc, bundle);
    mtp_build_regress_model(doc, bundle->regression);
}

void mtp_build_sensitivity(mtp_document *doc, const mtp_bundle *bundle)
{
    if (bundle->regression) {
        add_regression(doc, bundle);
    } else {
        add_pooled(doc, bundle);
    }
    mtp_build_excluded(doc, bundle);
    mtp_build_origins(doc, bundle);
    mtp_build_sensitivity_fits(doc, bundle);
    mtp_build_gosh(doc, bundle);
    mtp_build_fragility(doc, bundle);
    mtp_build_sensitivity_studies(doc, bundle);
    mtp_build_blup(doc, bundle);
    mtp_build_notes(doc, bundle);
}
