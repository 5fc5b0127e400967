/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a regression is of: its moderators, its model, its intervals. */
#include "report/builders.h"
#include "report/view.h"

#include <math.h>
#include <string.h>

/* A factor with the studies at each level, the reference first. */
static void add_factor(mtp_document *doc, const mtp_design_leaf *leaf)
{
    mtp_doc_text(doc, "factor: ");
    for (size_t step = 0; step < leaf->n_levels; step++) {
        size_t at = step == 0                 ? leaf->reference
                    : step <= leaf->reference ? step - 1
                                              : step;

        mtp_doc_text(doc, "%s%s (%zu%s)", step > 0 ? ", " : "", leaf->level[at],
                     leaf->count[at], step == 0 ? ", reference" : "");
    }
}

static void add_number(mtp_document *doc, const mtp_design_variable *v)
{
    mtp_doc_text(doc, "number: mean ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, v->mean);
    mtp_doc_text(doc, ", from ");
    mtp_doc_number(doc, MTP_DOC_NUMBER, v->min);
    mtp_doc_text(doc, " to ");
    mtp_doc_number(doc, MTP_DOC_NUMBER, v->max);
}

void mtp_build_regress_moderators(mtp_document *doc, const char *heading,
                                  const mtp_design *d)
{
    if (d->formula->n_leaves == 0) {
        return;
    }
    mtp_doc_heading(doc, "%s", heading);
    mtp_doc_entries(doc);
    for (size_t i = 0; i < d->formula->n_leaves; i++) {
        const mtp_design_leaf *leaf = &d->leaf[i];

        mtp_doc_entry(doc, leaf->leaf->name);
        if (leaf->is_factor) {
            add_factor(doc, leaf);
        } else {
            add_number(doc, &d->variable[leaf->leaf->variable]);
        }
        for (size_t n = 0; leaf->knots && n < leaf->leaf->n_knots; n++) {
            mtp_doc_text(doc, n == 0 ? "; knots " : ", ");
            mtp_doc_number(doc, MTP_DOC_ESTIMATE, leaf->knots[n]);
        }
    }
}

static void add_between_variance(mtp_document *doc, const mtp_regression *r)
{
    const mtp_regress_result *fit = r->fit;
    const mtp_regress_options *o = &fit->options;

    if (fit->fit.method == MTP_METHOD_GLMM) {
        bool poisson = fit->fit.model && strcmp(fit->fit.model, "poisson-normal") == 0;

        mtp_doc_text(doc, "%s generalized linear mixed model, maximum likelihood",
                     poisson ? "Poisson-normal" : "binomial-normal");
        if (fit->fit.nodes > 0) {
            mtp_doc_text(doc, ", %d-point adaptive Gauss-Hermite quadrature",
                         fit->fit.nodes);
        } else {
            mtp_doc_text(doc, ", exact integral over the random effect");
        }
        return;
    }
    mtp_doc_text(doc, "%s effects, %s",
                 fit->fit.tau2_method == MTP_TAU2_EE ? "fixed" : "mixed",
                 r->weighted ? "the given weights (--weights)" : "inverse variance");
    if (fit->n_levels > 0) {
        mtp_doc_text(doc, ", nested random effects by %s (%s)",
                     mtp_tau2_label(fit->fit.tau2_method),
                     mtp_tau2_id(fit->fit.tau2_method));
    } else if (fit->fit.tau2_method == MTP_TAU2_EE) {
        mtp_doc_text(doc, ", no variance between studies (EE)");
    } else if (fit->fit.tau2_method == MTP_TAU2_GIVEN) {
        mtp_doc_text(doc, ", tau^2 given as ");
        mtp_doc_number(doc, MTP_DOC_NUMBER, o->tau2_value);
    } else {
        mtp_doc_text(doc, ", tau^2 by %s (%s)", mtp_tau2_label(fit->fit.tau2_method),
                     mtp_tau2_id(fit->fit.tau2_method));
    }
}

static void add_inference(mtp_document *doc, const mtp_regress_result *fit)
{
    const mtp_regress_options *o = &fit->options;

    mtp_doc_entry(doc, "Tests and intervals");
    if (fit->robust != MTP_ROBUST_NONE) {
        mtp_doc_text(doc, "cluster-robust variance, %s (%s), ",
                     mtp_robust_label(fit->robust), mtp_robust_id(fit->robust));
        mtp_doc_number(doc, MTP_DOC_COUNT, (double)fit->n_clusters);
        mtp_doc_text(doc, fit->n_clusters == 1 ? " cluster" : " clusters");
        return;
    }
    mtp_doc_text(doc, "%s", mtp_ci_label(o->ci));
    if (o->ci != MTP_CI_WALD && fit->k > fit->p) {
        mtp_doc_text(doc, ", t and F with ");
        if (fit->n_levels > 0 && o->level_df == MTP_LEVEL_DF_CONTAIN) {
            mtp_doc_text(doc, "degrees of freedom by containment (--df)");
            return;
        }
        mtp_doc_number(doc, MTP_DOC_COUNT, (double)(fit->k - fit->p));
        mtp_doc_text(doc, fit->k - fit->p == 1 ? " degree of freedom"
                                               : " degrees of freedom");
    }
    if (!isnan(fit->factor)) {
        mtp_doc_text(doc, "; variances multiplied by ");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, fit->factor);
    }
}

void mtp_build_regress_model(mtp_document *doc, const mtp_regression *r)
{
    mtp_doc_entry(doc, "Model");
    mtp_doc_text(doc, "%s%s; ", r->design->formula->text,
                 r->design->intercept ? "" : ", without intercept");
    add_between_variance(doc, r);
    if (r->scale_design) {
        mtp_doc_entry(doc, "Scale");
        mtp_doc_text(doc, "log tau^2 on %s%s", r->scale_design->formula->text,
                     r->scale_design->intercept ? "" : ", without intercept");
    }
    add_inference(doc, r->fit);
}
