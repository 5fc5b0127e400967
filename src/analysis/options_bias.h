/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_OPTIONS_BIAS_H
#define MTP_ANALYSIS_OPTIONS_BIAS_H

#include "metapool/bias.h"
#include "metapool/failsafe.h"
#include "metapool/selection.h"
#include "metapool/trim_fill.h"

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
      true, "begg: p by the normal distribution where it would be exact")                      \
    X(PET_PEESE, "pet-peese", 0, MTP_COMMAND_BIAS, ANALYSES, FLAG, "", 0, 0, "false", "",      \
      true, "precision-effect test, and estimate with standard error")                         \
    X(TRIM_FILL, "trim-fill", 0, MTP_COMMAND_BIAS, ANALYSES, CHOICE,                           \
      MTP_TRIM_FILL_LIST(MTP_CHOICE_ID), 0, 0, NULL, "ESTIMATOR", true,                        \
      "trim and fill, the number of missing studies by")                                       \
    X(SIDE, "side", 0, MTP_COMMAND_BIAS, ANALYSES, CHOICE, MTP_SIDE_LIST(MTP_CHOICE_ID), 0, 0, \
      "auto", "SIDE", true, "trim and fill, Copas: where studies are missing, by the slope of Egger's " \
      "regression or as given")                                                                \
    X(FAILSAFE, "failsafe", 0, MTP_COMMAND_BIAS, ANALYSES, LIST,                               \
      MTP_FAILSAFE_LIST(MTP_CHOICE_ID), 0, 0, NULL, "TYPE,...", true,                          \
      "fail-safe numbers: how many studies without an effect would take the result away")      \
    X(TARGET, "target", 0, MTP_COMMAND_BIAS, ANALYSES, NUMBER, "", -1e300, 1e300, NULL,        \
      "VALUE", true, "orwin, general: the mean that is too little, on the back-transformed "   \
      "scale (default: orwin half the mean; general goes by p)")                               \
    X(FAILSAFE_EXACT, "failsafe-exact", 0, MTP_COMMAND_BIAS, ANALYSES, FLAG, "", 0, 0,         \
      "false", "", true, "general: fit the model anew for every number of studies")            \
    X(EXCESS, "excess", 0, MTP_COMMAND_BIAS, ANALYSES, FLAG, "", 0, 0, "false", "", true,      \
      "test of excess significance, with the power of each study")                             \
    X(SELECTION, "selection", 0, MTP_COMMAND_BIAS, ANALYSES, CHOICE,                           \
      MTP_SELECTION_LIST(MTP_CHOICE_ID), 0, 0, NULL, "MODEL", true,                            \
      "selection model by maximum likelihood: how probable it is that a study with this p "    \
      "is seen")                                                                               \
    X(STEPS, "steps", 0, MTP_COMMAND_BIAS, ANALYSES, TEXT, "", 0, 0, NULL, "P,...", true,      \
      "step: p-values at which the weight changes (default 0.025; two-sided 0.05)")            \
    X(ALTERNATIVE, "alternative", 0, MTP_COMMAND_BIAS, ANALYSES, CHOICE,                       \
      MTP_SELECTION_SIDE_LIST(MTP_CHOICE_ID), 0, 0, NULL, "SIDE", true,                        \
      "selection, p-uniform*: effects whose p-values are small (default: the side of the "     \
      "pooled mean)")                                                                          \
    X(SELECTION_WEIGHTS, "selection-weights", 0, MTP_COMMAND_BIAS, ANALYSES, LIST,             \
      MTP_VEVEA_WOODS_LIST(MTP_CHOICE_ID), 0, 0, NULL, "NAME,...", true,                       \
      "step models at weights that are given, by Vevea and Woods or as numbers, one more "     \
      "than --steps (1,0.5)")                                                                  \
    X(LFK, "lfk", 0, MTP_COMMAND_BIAS, ANALYSES, FLAG, "", 0, 0, "false", "", true,            \
      "LFK index of asymmetry of the Doi plot")                                                \
    X(P_CURVE, "p-curve", 0, MTP_COMMAND_BIAS, ANALYSES, FLAG, "", 0, 0, "false", "", true,    \
      "p-curve: what the significant p-values say of evidence and power")                      \
    X(P_UNIFORM, "p-uniform", 0, MTP_COMMAND_BIAS, ANALYSES, FLAG, "", 0, 0, "false", "",      \
      true, "p-uniform*: mean and tau2 given which studies are significant")                   \
    X(COPAS, "copas", 0, MTP_COMMAND_BIAS, ANALYSES, FLAG, "", 0, 0, "false", "", true,        \
      "Copas selection model along a path of ever stronger selection")                         \
    X(ALL, "all", 0, MTP_COMMAND_BIAS, ANALYSES, FLAG, "", 0, 0, "false", "", true,            \
      "everything that applies to the measure")
/* clang-format on */

#endif
