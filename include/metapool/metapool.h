/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_METAPOOL_H
#define METAPOOL_METAPOOL_H

/**
 * @file metapool.h
 * Everything. The library itself includes the single headers, never this one.
 */
#include "metapool/analysis.h"
#include "metapool/analysis_file.h"
#include "metapool/bias.h"
#include "metapool/bias_analysis.h"
#include "metapool/blup.h"
#include "metapool/bubble.h"
#include "metapool/compare.h"
#include "metapool/composition.h"
#include "metapool/copas.h"
#include "metapool/correlation.h"
#include "metapool/design.h"
#include "metapool/effects.h"
#include "metapool/excess_significance.h"
#include "metapool/export.h"
#include "metapool/failsafe.h"
#include "metapool/figure.h"
#include "metapool/forest.h"
#include "metapool/forest_look.h"
#include "metapool/fragility.h"
#include "metapool/funnel.h"
#include "metapool/gosh_map.h"
#include "metapool/lfk.h"
#include "metapool/lint.h"
#include "metapool/location_scale.h"
#include "metapool/measures.h"
#include "metapool/multilevel.h"
#include "metapool/p_curve.h"
#include "metapool/p_uniform.h"
#include "metapool/page.h"
#include "metapool/pool.h"
#include "metapool/regress.h"
#include "metapool/report.h"
#include "metapool/robust.h"
#include "metapool/selection.h"
#include "metapool/sensitivity.h"
#include "metapool/sensitivity_analysis.h"
#include "metapool/status.h"
#include "metapool/table.h"
#include "metapool/tau2.h"
#include "metapool/tau2_curve.h"
#include "metapool/theme.h"
#include "metapool/trim_fill.h"
#include "metapool/verify.h"
#include "metapool/version.h"

#endif
