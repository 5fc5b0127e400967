/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/raster.h"

#include "metapool/version.h"

#include "core/error.h"
#include "plot/png_density.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <dlfcn.h>
#include <fontconfig/fontconfig.h>
#include <librsvg/rsvg.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define POINTS_PER_INCH 72.0

/* The functions that are called, found in librsvg and what it depends on.
 * X(result, name, arguments) */
#define FUNCTION_LIST(X)                                                               \
    X(RsvgHandle *, rsvg_handle_new_from_data, (const guint8 *, gsize, GError **))     \
    X(gboolean, rsvg_handle_render_document,                                           \
      (RsvgHandle *, cairo_t *, const RsvgRectangle *, GError **))                     \
    X(void, g_object_unref, (gpointer))                                                \
    X(void, g_error_free, (GError *))                                                  \
    X(cairo_surface_t *, cairo_image_surface_create, (cairo_format_t, int, int))       \
    X(cairo_status_t, cairo_surface_write_to_png_stream,                               \
      (cairo_surface_t *, cairo_write_func_t, void *))                                 \
    X(cairo_surface_t *, cairo_pdf_surface_create_for_stream,                          \
      (cairo_write_func_t, void *, double, double))                                    \
    X(void, cairo_pdf_surface_set_metadata,                                            \
      (cairo_surface_t *, cairo_pdf_metadata_t, const char *))                         \
    X(cairo_status_t, cairo_surface_status, (cairo_surface_t *))                       \
    X(void, cairo_pdf_surface_set_size, (cairo_surface_t *, double, double))           \
    X(void, cairo_surface_show_page, (cairo_surface_t *))                              \
    X(void, cairo_surface_finish, (cairo_surface_t *))                                 \
    X(void, cairo_surface_destroy, (cairo_surface_t *))                                \
    X(cairo_t *, cairo_create, (cairo_surface_t *))                                    \
    X(cairo_status_t, cairo_status, (cairo_t *))                                       \
    X(void, cairo_set_source_rgb, (cairo_t *, double, double, double))                 \
    X(void, cairo_paint, (cairo_t *))                                                  \
    X(void, cairo_destroy, (cairo_t *))                                                \
    X(const char *, cairo_status_to_string, (cairo_status_t))                          \
    X(FcPattern *, FcPatternCreate, (void))                                            \
    X(FcBool, FcPatternAddString, (FcPattern *, const char *, const FcChar8 *))        \
    X(FcBool, FcConfigSubstitute, (FcConfig *, FcPattern *, FcMatchKind))              \
    X(void, FcDefaultSubstitute, (FcPattern *))                                        \
    X(FcPattern *, FcFontMatch, (FcConfig *, FcPattern *, FcResult *))                 \
    X(FcResult, FcPatternGetString,                                                    \
      (const FcPattern *, const char *, int, FcChar8 **))                              \
    X(void, FcPatternDestroy, (FcPattern *))

typedef struct functions {
#define FUNCTION_MEMBER(result, name, arguments) result(*name) arguments;
    FUNCTION_LIST(FUNCTION_MEMBER)
#undef FUNCTION_MEMBER
} functions;

/* The list says what the headers say. */
#define FUNCTION_CHECK(result, name, arguments)                                        \
    _Static_assert(_Generic(&(name), result(*) arguments : 1, default : 0),            \
                   #name " is declared otherwise");
FUNCTION_LIST(FUNCTION_CHECK)
#undef FUNCTION_CHECK

/* The library stays: GLib cannot be unloaded. Only the first call loads it. */
static mtp_status load(functions *f, mtp_error *err)
{
    void *library = dlopen(METAPOOL_RSVG_LIBRARY, RTLD_LAZY | RTLD_LOCAL);
    void *address;

    if (!library) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "pdf and png are drawn by librsvg, which cannot be loaded "
                        "(%s): install it (librsvg2-2), or write svg",
                        dlerror());
    }
#define FUNCTION_FIND(result, name, arguments)                                         \
    address = dlsym(library, #name);                                                   \
    if (!address) {                                                                    \
        return mtp_fail(err, MTP_E_UNSUPPORTED,                                        \
                        "pdf and png are drawn by librsvg, and the one found here "    \
                        "lacks %s: write svg, or install a newer librsvg",             \
                        #name);                                                        \
    }                                                                                  \
    memcpy(&f->name, &address, sizeof address);
    FUNCTION_LIST(FUNCTION_FIND)
#undef FUNCTION_FIND
    return MTP_OK;
}

static mtp_status cairo_failure(const functions *f, cairo_status_t status,
                                mtp_error *err)
{
    return status == CAIRO_STATUS_NO_MEMORY
               ? mtp_fail_nomem(err)
               : mtp_fail(err, MTP_E_UNSUPPORTED, "cairo cannot draw the figure: %s",
                          f->cairo_status_to_string(status));
}

static mtp_status rsvg_failure(const functions *f, GError *failure, mtp_error *err)
{
    mtp_status status =
        mtp_fail(err, MTP_E_UNSUPPORTED, "librsvg cannot draw the figure: %s",
                 failure ? failure->message : "no reason given");

    if (failure) {
        f->g_error_free(failure);
    }
    return status;
}

/* Draw the document over a surface of that size, its colour where whole pixels leave a
 * rim beside it. */
static mtp_status render(const functions *f, const mtp_raster_page *page,
                         cairo_surface_t *surface, double width, double height,
                         mtp_error *err)
{
    const RsvgRectangle viewport = {0.0, 0.0, width, height};
    GError *failure = NULL;
    RsvgHandle *handle =
        f->rsvg_handle_new_from_data((const guint8 *)page->svg, page->length, &failure);
    cairo_t *context = f->cairo_create(surface);
    cairo_status_t status = f->cairo_status(context);
    bool drawn;

    f->cairo_set_source_rgb(context, page->rgb[0] / 255.0, page->rgb[1] / 255.0,
                            page->rgb[2] / 255.0);
    f->cairo_paint(context);
    drawn = handle && status == CAIRO_STATUS_SUCCESS &&
            f->rsvg_handle_render_document(handle, context, &viewport, &failure);

    f->cairo_destroy(context);
    if (handle) {
        f->g_object_unref(handle);
    }
    if (status != CAIRO_STATUS_SUCCESS) {
        return cairo_failure(f, status, err);
    }
    return drawn ? MTP_OK : rsvg_failure(f, failure, err);
}

static cairo_status_t append(void *closure, const unsigned char *data,
                             unsigned int length)
{
    mtp_strbuf *out = closure;

    mtp_strbuf_add_bytes(out, (const char *)data, length);
    return out->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

mtp_status mtp_raster_pdf(size_t n, const mtp_raster_page page[], mtp_strbuf *out,
                          mtp_error *err)
{
    functions f;
    mtp_status status = load(&f, err);
    cairo_surface_t *surface;
    cairo_status_t written;

    if (status != MTP_OK) {
        return status;
    }
    surface =
        f.cairo_pdf_surface_create_for_stream(append, out, page->width, page->height);
    f.cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, page->title);
    f.cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR,
                                     "metapool " MTP_VERSION);
    /* Two runs give the same bytes. */
    f.cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
    for (size_t i = 0; status == MTP_OK && i < n; i++) {
        f.cairo_pdf_surface_set_size(surface, page[i].width, page[i].height);
        status = render(&f, &page[i], surface, page[i].width, page[i].height, err);
        f.cairo_surface_show_page(surface);
    }
    f.cairo_surface_finish(surface);
    written = f.cairo_surface_status(surface);
    f.cairo_surface_destroy(surface);
    return status == MTP_OK && written != CAIRO_STATUS_SUCCESS
               ? cairo_failure(&f, written, err)
               : status;
}

/* As cairo's images have them. */
#define LARGEST_SIDE 32767.0

mtp_status mtp_raster_png(const mtp_raster_page *page, double dpi, mtp_strbuf *out,
                          mtp_error *err)
{
    double width = fmax(1.0, round(page->width * dpi / POINTS_PER_INCH));
    double height = fmax(1.0, round(page->height * dpi / POINTS_PER_INCH));
    functions f;
    mtp_status status;
    cairo_surface_t *surface;
    cairo_status_t written;

    if (fmax(width, height) > LARGEST_SIDE) {
        return mtp_fail(err, MTP_E_ARG,
                        "a png of %.0f x %.0f pixels is too large, a side has at most "
                        "%.0f: take fewer pixels an inch than %.0f, or write pdf",
                        width, height, LARGEST_SIDE, dpi);
    }
    status = load(&f, err);
    if (status != MTP_OK) {
        return status;
    }
    surface = f.cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
    status = render(&f, page, surface, width, height, err);
    if (status == MTP_OK) {
        written = f.cairo_surface_write_to_png_stream(surface, append, out);
        status =
            written == CAIRO_STATUS_SUCCESS ? MTP_OK : cairo_failure(&f, written, err);
    }
    f.cairo_surface_destroy(surface);
    if (status == MTP_OK) {
        mtp_png_set_density(out, dpi);
    }
    return status;
}

/* The font that fontconfig gives for what figures ask for; "" if there is none. */
static void find_family(const functions *f, char family[MTP_RASTER_FAMILY])
{
    static const char *const wanted[] = {"Arial", "Helvetica", "Liberation Sans",
                                         "sans-serif"};
    FcPattern *pattern = f->FcPatternCreate(), *match = NULL;
    FcResult result = FcResultNoMatch;
    FcChar8 *name = NULL;

    for (size_t i = 0; pattern && i < sizeof wanted / sizeof wanted[0]; i++) {
        (void)f->FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)wanted[i]);
    }
    if (pattern && f->FcConfigSubstitute(NULL, pattern, FcMatchPattern)) {
        f->FcDefaultSubstitute(pattern);
        match = f->FcFontMatch(NULL, pattern, &result);
    }
    if (match && f->FcPatternGetString(match, FC_FAMILY, 0, &name) == FcResultMatch) {
        mtp_copy_text(family, MTP_RASTER_FAMILY, (const char *)name);
    }
    if (match) {
        f->FcPatternDestroy(match);
    }
    if (pattern) {
        f->FcPatternDestroy(pattern);
    }
}

bool mtp_raster_font_fits(char family[MTP_RASTER_FAMILY])
{
    /* Fonts that were made with the advance widths of Arial or of Helvetica, which are
     * the same. */
    static const char *const fitting[] = {"Arial",       "Helvetica",
                                          "Arimo",       "Liberation Sans",
                                          "Nimbus Sans", "TeX Gyre Heros"};
    functions f;

    family[0] = '\0';
    if (load(&f, NULL) != MTP_OK) {
        return true;
    }
    find_family(&f, family);
    for (size_t i = 0; i < sizeof fitting / sizeof fitting[0]; i++) {
        if (strcmp(family, fitting[i]) == 0) {
            return true;
        }
    }
    return false;
}
