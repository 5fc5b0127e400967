/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_COPAS_H
#define METAPOOL_COPAS_H

#include "metapool/pool.h"
#include "metapool/regress.h"
#include "metapool/trim_fill.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file copas.h
 * The Copas selection model: a study with standard error s_i = sqrt(v_i) is seen where
 *   z_i = gamma0 + gamma1 / s_i + delta_i > 0,  delta_i ~ N(0, 1),
 * and delta_i has the correlation rho with the sampling error of its effect
 *   y_i = mu + N(0, tau2) + sigma_i eps_i.
 * The data say next to nothing about gamma0 and gamma1: the model is fitted at many of
 * them, from no selection on, and what changes with them is the result.
 *
 * With u_i = gamma0 + gamma1 / s_i, a study is published with the probability Phi(u_i),
 * and with lambda(u) = phi(u) / Phi(u), c_i^2 = lambda(u_i) (lambda(u_i) + u_i),
 *   sigma_i^2 = s_i^2 / (1 - c_i^2 rho^2), as s_i is that of studies that were selected
 *   w_i = tau2 + sigma_i^2,  r_i = rho sigma_i / sqrt(w_i)
 *   log L = sum log phi((y_i - mu) / sqrt(w_i)) - log(w_i) / 2 - log Phi(u_i)
 *           + log Phi((u_i + r_i (y_i - mu) / sqrt(w_i)) / sqrt(1 - r_i^2)).
 *
 * Sources: Copas & Shi (2000), Biostatistics 1:247-262,
 * doi:10.1093/biostatistics/1.3.247; Copas & Shi (2001), Stat Methods Med Res
 * 10:251-265, doi:10.1177/096228020101000402; Carpenter, Schwarzer, Ruecker &
 * Kuenstler (2009), J Clin Epidemiol 62:624-631, doi:10.1016/j.jclinepi.2008.12.002
 * (how a path of selections is reported).
 */

/** What is known of rho. */
typedef enum mtp_copas_rho {
    MTP_COPAS_RHO_FREE,    /* an inner maximum */
    MTP_COPAS_RHO_AT_ZERO, /* 0, beyond which selection of the other side fits better */
    MTP_COPAS_RHO_AT_BOUND, /* the bound, beyond which the likelihood rises */
    MTP_COPAS_RHO_NONE      /* NaN: every study is published, and it has no rho */
} mtp_copas_rho;

typedef struct mtp_copas_options {
    size_t size;   /* sizeof(mtp_copas_options); set by _init */
    mtp_side side; /* where studies are missing. left: small effects are, rho >= 0;
                      right: large ones, rho <= 0; auto (default): by the sign of the
                      slope of yi on its standard error, without selection */
    /* The selections, from the probability that the study with the largest standard
     * error is published (0.95, 0.9, ..., 0.05 by default), or as they are. */
    size_t n;
    const double *prob;            /* [n] 1e-6 to 1 - 1e-6; NULL */
    const double *gamma0, *gamma1; /* [n] finite, gamma1 >= 0; both or none */
    double ratio;     /* with probabilities: that with the smallest standard error stays
                         unpublished so many times as often, 0 < ratio <= 1 */
    double rho_bound; /* |rho| at most: above 0, up to 0.9999 */
    double sig_level; /* of the test of residual selection, for the adjusted estimate */
    double level;     /* of the intervals */
} mtp_copas_options;

/** Defaults: ratio 0.01, rho_bound 0.9999, sig_level 0.1, level 0.95. */
MTP_API void mtp_copas_options_init(mtp_copas_options *options, size_t size);

/** The model at one selection. */
typedef struct mtp_copas_fit {
    double gamma0, gamma1; /* without selection: infinite and 0 */
    double prob; /* that the study with the largest standard error is published */
    const double *probs; /* [k] the same of every study */
    double unpublished;  /* expected number of unpublished studies, sum (1 - p) / p */
    mtp_coefficient mu;  /* its se from the observed information of what is free;
                            normal test and interval */
    double tau2, rho;
    mtp_copas_rho rho_state;
    double loglik;
    double gradient_norm; /* in mu, tau2 and rho, but those at a limit */
    size_t n_modes;       /* local maxima found */
    /* Residual selection: mean mu + slope s_i instead of mu. */
    double slope, slope_loglik;
    mtp_test residual; /* likelihood ratio of slope = 0, chi-square with 1 df */
} mtp_copas_fit;

typedef struct mtp_copas_result {
    size_t k;
    mtp_side side;  /* left or right */
    size_t largest; /* < k: the study with the largest standard error */
    size_t n_fits;
    const mtp_copas_fit *fits; /* [n_fits] from no selection (the first) on, by falling
                                  `prob` */
    const mtp_copas_fit *adjusted; /* the least selection with p of residual selection
                                      at least sig_level; NULL where there is none */
    mtp_notes notes;
    mtp_copas_options options; /* as used; arrays in the result; last */
} mtp_copas_result;

/**
 * Fit the Copas selection model along a path of selections.
 *
 * A probability P of the path stands for 1 - P = Phi(-u) of the study with the largest
 * standard error and ratio (1 - P) of that with the smallest: units of yi do not
 * matter, and P = 1 is no selection. Between the two selections of the path where the
 * residual p first reaches sig_level the adjusted estimate is at the probability where
 * it does so; with gamma0 and gamma1 given it is one of them, or no selection.
 *
 * The maximum is found by Newton's method with analytic derivatives in mu, tau2 >= 0
 * and rho, from several starts. rho keeps to its side in both models of the residual
 * test, as a slope with selection of the other side is no residue of it.
 *
 * @param k       studies, at least 3, standard errors not all the same
 * @param yi, vi  [k] finite; vi > 0
 * @param result  out, freed with mtp_copas_free; untouched on failure
 * @return MTP_OK; MTP_E_ARG (options; a study would be published with a probability
 *         below 1e-6); MTP_E_DATA (err->line is the 1-based study); MTP_E_DEGENERATE;
 *         MTP_E_NOCONV: no maximum was found; MTP_E_NOMEM
 * Notes: tau2_zero, selection_limit, multiple_modes, not_defined,
 * few_studies_for_asymmetry.
 */
MTP_API mtp_status mtp_copas(size_t k, const double yi[], const double vi[],
                             const mtp_copas_options *options,
                             mtp_copas_result **result, mtp_error *err);
MTP_API void mtp_copas_free(mtp_copas_result *result);

#ifdef __cplusplus
}
#endif

#endif
