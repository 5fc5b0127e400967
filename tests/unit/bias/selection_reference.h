/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Written by selection_reference.py (mpmath): mu, tau2, delta at the maximum, their
 * standard errors from the observed information, and the log-likelihood. */
#ifndef SELECTION_REFERENCE_H
#define SELECTION_REFERENCE_H

static const double STEP_AT[] = {-0.67119697360416215, 0.26390158953618687,
                                 0.63154927358372693, 0.92785340563260733};
static const double STEP_SE[] = {0.27996854653562774, 0.15625665650591557,
                                 0.5912277278316963, 1.3599449202893104};
static const double STEP_LOGLIK = -12.491616444121534;

static const double BETA_AT[] = {-0.78940049443170676, 0.40730734056823009,
                                 1.1087019085453161, 1.4925194071025558};
static const double BETA_SE[] = {0.56166852425309248, 0.38556693692095511,
                                 0.1617842702806011, 0.74291981922152284};
static const double BETA_LOGLIK = -11.952898234653414;

static const double LIMIT_AT[] = {-0.40890968062824381, 0.007649534701352442, 0.0,
                                  2.4546855966984666};
static const double LIMIT_SE[] = {0.53932324505455044, 0.011972603592411316,
                                  0.51153262397379686, 1.5225361925606672};
static const double LIMIT_LOGLIK = 1.8313415427548691;

#endif
