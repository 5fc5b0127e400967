/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a drapery plot shows, as CSV (RFC 4180) and as JSON. */
#include "core/csv_text.h"
#include "plot/drapery_figure.h"
#include "plot/figure_json.h"

static const char *study_of(const mtp_bundle *bundle, const mtp_drape *curve)
{
    return curve->kind == MTP_DRAPE_STUDY ? bundle->studies[curve->study].name : NULL;
}

static void add_curve(mtp_strbuf *out, const mtp_bundle *bundle,
                      const mtp_drapery *drapery, const mtp_drape *curve)
{
    const char *study = study_of(bundle, curve);

    for (size_t i = 0; i < drapery->n_tails; i++) {
        double reach = mtp_drape_reach(drapery, curve, i);

        mtp_strbuf_add(out, mtp_drape_id(curve->kind));
        mtp_strbuf_add_char(out, ',');
        mtp_strbuf_add_csv(out, study ? study : "");
        mtp_strbuf_add_csv_number(out, 2.0 * drapery->tail[i]);
        mtp_strbuf_add_csv_number(
            out, mtp_drape_back(bundle, curve, curve->estimate - reach));
        mtp_strbuf_add_csv_number(
            out, mtp_drape_back(bundle, curve, curve->estimate + reach));
        mtp_strbuf_add_char(out, '\n');
    }
}

void mtp_drapery_csv(const mtp_bundle *bundle, mtp_strbuf *out)
{
    mtp_arena *arena = mtp_arena_new();
    mtp_drapery drapery;

    mtp_strbuf_add(out, "kind,study,p,lower,upper\n");
    if (arena && mtp_drapery_make(bundle, arena, &drapery)) {
        for (size_t i = 0; i < drapery.n; i++) {
            add_curve(out, bundle, &drapery, &drapery.curve[i]);
        }
    } else {
        out->failed = true;
    }
    mtp_arena_free(arena);
}

static void put_parts(mtp_strbuf *out, const mtp_drape *curve)
{
    mtp_strbuf_add(out, ", \"parts\": [");
    for (size_t i = 0; i < curve->n_parts; i++) {
        mtp_figure_json_number(out,
                               i > 0 ? ", {\"se\": " : "{\"se\": ", curve->part[i].se);
        mtp_figure_json_number(out, ", \"df\": ", curve->part[i].df);
        mtp_strbuf_add_char(out, '}');
    }
    mtp_strbuf_add_char(out, ']');
}

/* One side of a curve at every p, on the natural scale. */
static void put_side(mtp_strbuf *out, const char *prefix, const mtp_bundle *bundle,
                     const mtp_drapery *drapery, const mtp_drape *curve, double side)
{
    mtp_strbuf_add(out, prefix);
    for (size_t i = 0; i < drapery->n_tails; i++) {
        double reach = mtp_drape_reach(drapery, curve, i);

        mtp_figure_json_number(
            out, i > 0 ? ", " : "",
            mtp_drape_back(bundle, curve, curve->estimate + side * reach));
    }
    mtp_strbuf_add_char(out, ']');
}

static void put_curve(mtp_strbuf *out, const mtp_bundle *bundle,
                      const mtp_drapery *drapery, const mtp_drape *curve)
{
    double reach = mtp_drape_reach(drapery, curve, drapery->at_level);

    mtp_figure_json_string(out, "{\"kind\": ", mtp_drape_id(curve->kind));
    mtp_figure_json_string(out, ", \"study\": ", study_of(bundle, curve));
    mtp_figure_json_number(out, ", \"estimate\": ", curve->estimate);
    put_parts(out, curve);
    mtp_figure_json_number(out, ", \"interval\": [", curve->estimate - reach);
    mtp_figure_json_number(out, ", ", curve->estimate + reach);
    put_side(out, "],\n     \"lower\": [", bundle, drapery, curve, -1.0);
    put_side(out, ",\n     \"upper\": [", bundle, drapery, curve, 1.0);
    mtp_strbuf_add_char(out, '}');
}

static void put_curves(mtp_strbuf *out, const mtp_bundle *bundle,
                       const mtp_drapery *drapery)
{
    mtp_strbuf_add(out, ",\n  \"p\": [");
    for (size_t i = 0; i < drapery->n_tails; i++) {
        mtp_figure_json_number(out, i > 0 ? ", " : "", 2.0 * drapery->tail[i]);
    }
    mtp_strbuf_add(out, "],\n  \"curves\": [");
    for (size_t i = 0; i < drapery->n; i++) {
        mtp_strbuf_add(out, i > 0 ? ",\n    " : "\n    ");
        put_curve(out, bundle, drapery, &drapery->curve[i]);
    }
    mtp_strbuf_add(out, "\n  ]");
}

void mtp_drapery_json(const mtp_bundle *bundle, mtp_strbuf *out)
{
    mtp_arena *arena = mtp_arena_new();
    mtp_drapery drapery;

    if (arena && mtp_drapery_make(bundle, arena, &drapery)) {
        mtp_figure_json_head(out, "metapool.drapery/1", bundle);
        mtp_figure_json_string(
            out, ",\n  \"y_axis\": ", bundle->drapery_quantiles ? "z" : "p");
        mtp_figure_json_percent(out, ",\n  \"level\": ", bundle->level);
        put_curves(out, bundle, &drapery);
        mtp_figure_json_notes(out, bundle, false);
        mtp_strbuf_add(out, "\n}\n");
    } else {
        out->failed = true;
    }
    mtp_arena_free(arena);
}
