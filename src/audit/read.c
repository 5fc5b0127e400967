/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audit/loader.h"
#include "core/names.h"
#include "core/strbuf.h"
#include "table/digest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

MTP_NAMES(transform, mtp_transform, MTP_TRANSFORM_LIST, MTP_TRANSFORM_COUNT)

/* A file with the arena that owns it. */
typedef struct owner {
    mtp_analysis_file file; /* first: a file is its owner */
    mtp_arena *arena;
} owner;

static void take_source(mtp_loader *loader, const mtp_yaml *node)
{
    mtp_analysis_file *file = loader->file;
    const mtp_yaml *citation, *doi, *url, *licence, *note;
    const mtp_key keys[] = {{"citation", MTP_WANT_TEXT, false, &citation},
                            {"doi", MTP_WANT_TEXT, false, &doi},
                            {"url", MTP_WANT_TEXT, false, &url},
                            {"licence", MTP_WANT_TEXT, false, &licence},
                            {"note", MTP_WANT_TEXT, false, &note}};

    if (mtp_loader_keys(loader, node, "'source'", sizeof keys / sizeof *keys, keys)) {
        file->source.citation = mtp_loader_text(loader, citation);
        file->source.doi = mtp_loader_text(loader, doi);
        file->source.url = mtp_loader_text(loader, url);
        file->source.licence = mtp_loader_text(loader, licence);
        file->source.note = mtp_loader_text(loader, note);
    }
}

static void take_file(mtp_loader *loader, const mtp_yaml *root)
{
    const mtp_yaml *title, *source, *data, *analyses, *claims;
    const mtp_key keys[] = {{"title", MTP_WANT_TEXT, true, &title},
                            {"source", MTP_WANT_MAPPING, false, &source},
                            {"data", MTP_WANT_MAPPING, true, &data},
                            {"analyses", MTP_WANT_MAPPING, true, &analyses},
                            {"claims", MTP_WANT_SEQUENCE, false, &claims}};

    if (!mtp_loader_keys(loader, root, "an analysis file", sizeof keys / sizeof *keys,
                         keys)) {
        return;
    }
    loader->file->title = mtp_loader_text(loader, title);
    if (source) {
        take_source(loader, source);
    }
    if (data) {
        mtp_loader_data(loader, data);
    }
    if (analyses) {
        mtp_loader_analyses(loader, analyses);
    }
    if (claims) {
        mtp_loader_claims(loader, claims);
    }
}

/* What the file is apart from what it says. */
static void take_origin(mtp_loader *loader, const char *bytes, size_t length)
{
    mtp_analysis_file *file = loader->file;
    const char *slash = strrchr(loader->source, '/');
    size_t folder = slash ? (size_t)(slash - loader->source) + 1 : 0;
    char sha256[MTP_DIGEST_TEXT];
    mtp_digest digest;

    mtp_digest_init(&digest);
    mtp_digest_add(&digest, bytes, length);
    mtp_digest_end(&digest, sha256);
    file->path =
        mtp_loader_check(loader, mtp_arena_strdup(loader->arena, loader->source));
    file->folder = loader->folder = mtp_loader_check(
        loader, mtp_arena_strndup(loader->arena, loader->source, folder));
    file->sha256 = mtp_loader_check(loader, mtp_arena_strdup(loader->arena, sha256));
}

/* Whether a problem is to be told before another: as they stand in the file, those of
 * other files last. */
static bool precedes(const mtp_loader *loader, const mtp_error *a, const mtp_error *b)
{
    bool other_a = strcmp(a->source, loader->source) != 0,
         other_b = strcmp(b->source, loader->source) != 0;

    if (other_a || other_b) {
        return !other_a;
    }
    return a->line != b->line ? a->line < b->line : a->position < b->position;
}

static void sort_problems(mtp_loader *loader)
{
    mtp_problems *all = &loader->problems;

    for (size_t i = 1; i < all->count && i < MTP_PROBLEMS_KEPT; i++) {
        mtp_error moved = all->item[i];
        size_t k = i;

        while (k > 0 && precedes(loader, &moved, &all->item[k - 1])) {
            all->item[k] = all->item[k - 1];
            k--;
        }
        all->item[k] = moved;
    }
}

/* Hand over what is wrong; the first of it in err. */
static mtp_status tell(mtp_loader *loader, mtp_problems *problems)
{
    const mtp_problems *all = &loader->problems;

    sort_problems(loader);
    for (size_t i = 0; i < all->count && i < MTP_PROBLEMS_KEPT; i++) {
        mtp_problems_add(problems, &all->item[i]);
    }
    if (problems && all->count > MTP_PROBLEMS_KEPT) {
        problems->count += all->count - MTP_PROBLEMS_KEPT;
    }
    *loader->err = all->item[0];
    return all->item[0].status;
}

static mtp_status load(mtp_loader *loader, const char *bytes, size_t length)
{
    const mtp_yaml *root = NULL;
    mtp_status status = MTP_OK;

    take_origin(loader, bytes, length);
    if (!loader->no_memory) {
        status = mtp_yaml_parse(loader->source, bytes, length, loader->arena, &root,
                                loader->err);
    }
    if (status == MTP_E_NOMEM || loader->no_memory) {
        return mtp_fail_nomem(loader->err);
    }
    if (status != MTP_OK) {
        mtp_problems_add(&loader->problems, loader->err);
    } else if (root) {
        take_file(loader, root);
    } else {
        mtp_loader_complain(loader, (mtp_place){1, 1}, "the file is empty");
    }
    return loader->no_memory ? mtp_fail_nomem(loader->err) : MTP_OK;
}

mtp_status mtp_analysis_file_parse(const char *path, const char *bytes, size_t length,
                                   mtp_analysis_file **file, mtp_problems *problems,
                                   mtp_error *err)
{
    mtp_arena *arena = mtp_arena_new();
    owner *made = arena ? MTP_ARENA_NEW(arena, owner) : NULL;
    mtp_error ignored;
    mtp_loader loader = {.source = path, .arena = arena, .err = err ? err : &ignored};
    mtp_status status;

    if (!made) {
        mtp_arena_free(arena);
        return mtp_fail_nomem(err);
    }
    made->arena = arena;
    loader.file = &made->file;
    status = load(&loader, bytes, length);
    if (status == MTP_OK && loader.problems.count > 0) {
        status = tell(&loader, problems);
    }
    if (status != MTP_OK) {
        mtp_arena_free(arena);
        return status;
    }
    *file = &made->file;
    return MTP_OK;
}

/* Why a file cannot be read, and what to do. */
static const char *reason(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
    case ELOOP: /* links that lead to no file */
        return "there is no such file";
    case EISDIR:
        return "this is a folder; name the analysis file in it";
    case EACCES:
    case EPERM:
        return "the file may not be read (permission denied)";
    default:
        return strerror(error);
    }
}

/* The bytes of a file, up to one more than may be. */
static mtp_status read_bytes(const char *path, mtp_strbuf *bytes, mtp_error *err)
{
    FILE *stream = fopen(path, "rb");
    char part[16384];
    size_t n = 1;
    int error = stream ? 0 : errno;

    while (error == 0 && n > 0 && bytes->length <= MTP_YAML_BYTES) {
        errno = 0;
        n = fread(part, 1, sizeof part, stream);
        error = ferror(stream) ? errno : 0;
        mtp_strbuf_add_bytes(bytes, part, n);
    }
    if (stream) {
        (void)fclose(stream);
    }
    if (error == ENOMEM) {
        return mtp_fail_nomem(err);
    }
    if (error != 0) {
        return mtp_fail_at(err, MTP_E_DATA, path, 0, NULL, "%s", reason(error));
    }
    return bytes->failed ? mtp_fail_nomem(err) : MTP_OK;
}

mtp_status mtp_analysis_file_read(const char *path, mtp_analysis_file **file,
                                  mtp_problems *problems, mtp_error *err)
{
    mtp_error ignored;
    mtp_strbuf bytes;
    mtp_status status;

    err = err ? err : &ignored;
    mtp_strbuf_init(&bytes);
    status = read_bytes(path, &bytes, err);
    if (status == MTP_OK) {
        status = mtp_analysis_file_parse(path, bytes.length > 0 ? bytes.text : "",
                                         bytes.length, file, problems, err);
    } else if (status != MTP_E_NOMEM) {
        mtp_problems_add(problems, err);
    }
    mtp_strbuf_free(&bytes);
    return status;
}

void mtp_analysis_file_free(mtp_analysis_file *file)
{
    owner *made = (owner *)file;

    if (made) {
        mtp_arena_free(made->arena);
    }
}

const mtp_file_analysis *mtp_analysis_file_find(const mtp_analysis_file *file,
                                                const char *name)
{
    for (size_t i = 0; i < file->n_analyses; i++) {
        if (strcmp(file->analyses[i].name, name) == 0) {
            return &file->analyses[i];
        }
    }
    return NULL;
}
