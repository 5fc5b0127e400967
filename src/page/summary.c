/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The question and the answer, a sentence each, and the table of estimates. */
#include "page/page.h"
#include "report/builders.h"
#include "report/view.h"

#include <math.h>

static void add_size(mtp_document *doc, const mtp_pooled *overall)
{
    bool rates = !isnan(overall->time);
    double size = rates ? overall->time : overall->n;

    if (isnan(size)) {
        return;
    }
    mtp_doc_text(doc, " with ");
    if (!isnan(overall->events)) {
        mtp_doc_number(doc, MTP_DOC_COUNT, overall->events);
        mtp_doc_text(doc, " event%s in ", overall->events == 1.0 ? "" : "s");
    }
    mtp_doc_number(doc, MTP_DOC_COUNT, size);
    mtp_doc_text(doc, rates ? " units of person-time" : " patients");
}

static void add_question(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_pooled *overall = &bundle->pool->overall;
    bool effects = overall->n_levels > 0;

    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "Question: what is the %s in %zu %s", bundle->measure->natural,
                 overall->k,
                 effects           ? "effects in groups"
                 : overall->k == 1 ? "study"
                                   : "studies");
    add_size(doc, overall);
    if (bundle->measure->groups == 2) {
        mtp_doc_text(doc, ", of group 1 against group 2");
    }
    if (bundle->by) {
        mtp_doc_text(doc, ", and does it differ by %s", bundle->by);
    }
    mtp_doc_text(doc, "?");
}

static void add_test(mtp_document *doc, const mtp_bundle *bundle, const mtp_estimate *e)
{
    if (isnan(e->ci.p)) {
        return;
    }
    mtp_doc_text(doc, "; test of %s = ", bundle->measure->natural);
    mtp_doc_number(doc, MTP_DOC_NUMBER, bundle->pool->options.null_value);
    mtp_doc_text(doc, ", ");
    mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_P_EQUATION, e->ci.p, e->ci.log_p));
}

static void add_percent(mtp_document *doc, const char *label, double value)
{
    if (!isnan(value)) {
        mtp_doc_text(doc, "%s ", label);
        mtp_doc_number(doc, MTP_DOC_PERCENT, value);
        mtp_doc_text(doc, "%%");
    }
}

static void add_spread(mtp_document *doc, const mtp_bundle *bundle,
                       const mtp_pooled *overall)
{
    const mtp_estimate *e = &overall->random;
    const mtp_heterogeneity *h = &overall->heterogeneity;

    if (!isnan(e->back.pi_lower)) {
        mtp_doc_text(doc, "; %s for a further study ",
                     mtp_build_level(doc, bundle, "prediction interval"));
        mtp_doc_add(
            doc, mtp_build_natural_interval(doc, e->back.pi_lower, e->back.pi_upper));
    }
    if (!isnan(h->tau2)) {
        mtp_doc_text(doc, "; heterogeneity tau^2 ");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, h->tau2);
    }
    add_percent(doc, ", I^2", h->I2);
}

static void add_between(mtp_document *doc, const mtp_bundle *bundle, bool common)
{
    const mtp_test *test =
        common ? &bundle->pool->between.common : &bundle->pool->between.random;

    if (bundle->pool->n_groups > 1 && !isnan(test->p)) {
        mtp_doc_text(doc, "; difference between subgroups ");
        mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_P_EQUATION, test->p, test->log_p));
    }
}

static void add_answer(mtp_document *doc, const mtp_page_work *page)
{
    const mtp_bundle *bundle = page->pool.bundle;
    mtp_pooled overall = mtp_view_pooled(&bundle->pool->overall);
    bool common = mtp_page_is_common(page);
    const mtp_estimate *e = common ? &overall.common : &overall.random;

    mtp_doc_paragraph(doc);
    if (isnan(e->estimate)) {
        mtp_doc_text(doc, "Answer: there is none; the studies have no pooled estimate, "
                          "and the notes say why.");
        return;
    }
    mtp_doc_text(doc, "Answer: the %s is ", bundle->measure->natural);
    mtp_doc_add(doc, mtp_build_natural(doc, e->back.estimate));
    mtp_doc_text(doc, ", %s ", mtp_build_level(doc, bundle, "interval"));
    mtp_doc_add(doc,
                mtp_build_natural_interval(doc, e->back.ci_lower, e->back.ci_upper));
    mtp_doc_text(doc, mtp_page_is_one_study(page) ? ", of the one study"
                      : common                    ? ", by a common effect"
                                                  : ", by random effects");
    add_test(doc, bundle, e);
    if (common) {
        add_percent(doc, "; heterogeneity I^2 from Q", overall.heterogeneity.I2_Q);
    } else {
        add_spread(doc, bundle, &overall);
    }
    add_between(doc, bundle, common);
    mtp_doc_text(doc, ".");
}

void mtp_page_write_summary(mtp_page_work *page)
{
    const mtp_bundle *bundle = page->pool.bundle;
    mtp_document doc;

    mtp_strbuf_add(page->out, "<div class=\"lead\">\n");
    mtp_page_begin(&doc, page);
    add_question(&doc, bundle);
    add_answer(&doc, page);
    mtp_page_put(page, &doc, NULL);
    mtp_strbuf_add(page->out, "</div>\n");
    mtp_page_begin(&doc, page);
    mtp_build_estimates(&doc, bundle);
    mtp_page_put(page, &doc, NULL);
}
