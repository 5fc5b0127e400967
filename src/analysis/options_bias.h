/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_OPTIONS_BIAS_H
#define MTP_ANALYSIS_OPTIONS_BIAS_H

#include "metapool/bias.h"

/* The part of the option registry that is about small-study effects; its columns are
 * those of MTP_OPTION_LIST. */

/* clang-format off */
#define MTP_BIAS_OPTION_LIST(X)                                                                \
    X(BIAS_TEST, "test", 0, MTP_COMMAND_BIAS, ANALYSES, LIST, MTP_ASYMMETRY_LIST(MTP_CHOICE_ID) \
      "all|", 0, 0, NULL, "NAME,...", true,                                                    \
      "tests for asymmetry of the funnel (default: harbord for OR and PETO, pustejovsky for SMD, " \
      "else egger; all: those that apply)")                                                    \
    X(EGGER_MODEL, "egger-model", 0, MTP_COMMAND_BIAS, ANALYSES, CHOICE, "lm|mixed|", 0, 0,    \
      "lm", "MODEL", true, "egger, PET-PEESE: weighted regression with multiplicative variance, " \
      "or mixed-effects meta-regression by --tau2 and --ci")                                   \
    X(PREDICTOR, "predictor", 0, MTP_COMMAND_BIAS, ANALYSES, CHOICE,                           \
      MTP_PREDICTOR_LIST(MTP_CHOICE_ID), 0, 0, "sei", "NAME", true,                            \
      "egger: standard error, variance, sample size, its inverse, or a root of one of these")  \
    X(ASYMPTOTIC, "asymptotic", 0, MTP_COMMAND_BIAS, ANALYSES, FLAG, "", 0, 0, "false", "",    \
      true, "begg: p by the normal distribution where it would be exact")
/* clang-format on */

#endif
