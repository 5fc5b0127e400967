/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ids and labels, the default options, and published weights. */
#include "metapool/selection.h"

#include "core/names.h"
#include "core/owned.h"

/* clang-format off */
MTP_NAMES(selection, mtp_selection_type, MTP_SELECTION_LIST, MTP_SELECTION_COUNT)
MTP_NAMES(selection_side, mtp_selection_side, MTP_SELECTION_SIDE_LIST, MTP_SELECTION_SIDE_COUNT)
MTP_NAMES(vevea_woods, mtp_vevea_woods, MTP_VEVEA_WOODS_LIST, MTP_VEVEA_WOODS_COUNT)
/* clang-format on */

void mtp_selection_options_init(mtp_selection_options *options, size_t size)
{
    mtp_selection_options defaults = {.size = size,
                                      .type = MTP_SELECTION_STEP,
                                      .side = MTP_SELECTION_GREATER,
                                      .tau2 = MTP_TAU2_ML,
                                      .p_censored = 1e-5,
                                      .delta_max = 100.0,
                                      .level = 0.95};

    mtp_options_give(options, size, &defaults, sizeof defaults);
}

enum { STEPS = 13 };

/* Vevea & Woods (2005), table 1. */
static const double steps[STEPS] = {0.005, 0.01, 0.05, 0.10, 0.25, 0.35, 0.50,
                                    0.65,  0.75, 0.90, 0.95, 0.99, 0.995};
static const double weights[MTP_VEVEA_WOODS_COUNT][STEPS + 1] = {
    [MTP_VEVEA_WOODS_MODERATE_ONE] = {1, 0.99, 0.95, 0.80, 0.75, 0.65, 0.60, 0.55, 0.50,
                                      0.50, 0.50, 0.50, 0.50, 0.50},
    [MTP_VEVEA_WOODS_SEVERE_ONE] = {1, 0.99, 0.90, 0.75, 0.60, 0.50, 0.40, 0.35, 0.30,
                                    0.25, 0.10, 0.10, 0.10, 0.10},
    [MTP_VEVEA_WOODS_MODERATE_TWO] = {1, 0.99, 0.95, 0.90, 0.80, 0.75, 0.60, 0.60, 0.75,
                                      0.80, 0.90, 0.95, 0.99, 1},
    [MTP_VEVEA_WOODS_SEVERE_TWO] = {1, 0.99, 0.90, 0.75, 0.60, 0.50, 0.25, 0.25, 0.50,
                                    0.60, 0.75, 0.90, 0.99, 1}};

void mtp_selection_vevea_woods(mtp_selection_options *options, mtp_vevea_woods which,
                               mtp_selection_side side)
{
    options->type = MTP_SELECTION_STEP;
    options->side = side;
    options->n_steps = STEPS;
    options->steps = steps;
    options->n_delta = STEPS + 1;
    options->delta = weights[which];
}
