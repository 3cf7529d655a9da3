/*
 * An S3 that reads and forgets: the far end of the upload benchmarks. A thread for each connection, bodies thrown away
 * in the kernel (MSG_TRUNC) or, with TLS, decrypted and dropped; so it costs less than any client that it is asked by.
 * It checks no signature and keeps of an object nothing but its size.
 *
 *   sink [CERT.pem KEY.pem]     prints "PLAIN_PORT TLS_PORT"; the second is 0 without a certificate
 *
 * GET /-/stats tells what it has seen as JSON, GET /-/reset begins to count anew. It ends when its stdin does.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef WITH_TLS
#include <openssl/ssl.h>
#else
typedef void SSL;
typedef void SSL_CTX;
#endif

#include "objects.h"

enum { HEAD_MAX = 64 * 1024, SCRATCH = 256 * 1024 };

struct connection {
  int fd;
  SSL *ssl;
  bool counted; /* connections that only ask for the counts are none */
  char head[HEAD_MAX + 1]; /* what was read and not yet used: [at, end) */
  size_t at, end;
  char scratch[SCRATCH];
};

struct request {
  char method[16], target[8192];
  unsigned long long length;
  bool chunked, expects, closes;
  char checksum_name[32], checksum[96]; /* of x-amz-checksum-NAME */
};

struct listener {
  int fd;
  SSL_CTX *tls;
};

static atomic_ullong connections, requests, parts, bytes;
static double cpu_at_reset;

static double cpu_seconds(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* ── bytes in and out ─────────────────────────────────────────────────────────────────────────────────────────── */

static ssize_t receive(struct connection *c, void *into, size_t most) {
#ifdef WITH_TLS
  if (c->ssl) return SSL_read(c->ssl, into, (int)most);
#endif
  return recv(c->fd, into, most, 0);
}

static bool transmit(struct connection *c, const char *text, size_t length) {
#ifdef WITH_TLS
  if (c->ssl) return SSL_write(c->ssl, text, (int)length) == (int)length;
#endif
  return send(c->fd, text, length, MSG_NOSIGNAL) == (ssize_t)length;
}

static bool fill(struct connection *c) {
  if (c->at > 0) memmove(c->head, c->head + c->at, c->end - c->at);
  c->end -= c->at;
  c->at = 0;
  if (c->end == HEAD_MAX) return false;
  ssize_t got = receive(c, c->head + c->end, HEAD_MAX - c->end);
  if (got <= 0) return false;
  c->end += (size_t)got;
  c->head[c->end] = 0;
  return true;
}

static bool discard(struct connection *c, unsigned long long left) {
  bytes += left;
  size_t buffered = c->end - c->at;
  size_t used = left < buffered ? (size_t)left : buffered;
  c->at += used;
  for (left -= used; left > 0;) {
    size_t most = left < SCRATCH ? (size_t)left : SCRATCH;
    ssize_t got = c->ssl ? receive(c, c->scratch, most) : recv(c->fd, NULL, left < (1u << 30) ? left : 1u << 30, MSG_TRUNC);
    if (got <= 0) return false;
    left -= (unsigned long long)got;
  }
  return true;
}

/* The next line without its end; NULL when the connection is over. */
static char *line(struct connection *c) {
  for (;;) {
    char *start = c->head + c->at;
    char *end = memmem(start, c->end - c->at, "\r\n", 2);
    if (end) {
      *end = 0;
      c->at = (size_t)(end + 2 - c->head);
      return start;
    }
    if (!fill(c)) return NULL;
  }
}

static bool discard_chunks(struct connection *c, unsigned long long *length) {
  for (;;) {
    char *size = line(c);
    if (!size) return false;
    unsigned long long left = strtoull(size, NULL, 16);
    *length += left;
    if (left == 0) break;
    if (!discard(c, left) || !line(c)) return false;
  }
  for (char *trailer; (trailer = line(c)) != NULL;) /* and the empty line behind them */
    if (*trailer == 0) return true;
  return false;
}

/* ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────── */

static bool read_request(struct connection *c, struct request *r) {
  memset(r, 0, sizeof *r);
  /* All of it first: a line that was handed out must not move while the next is read. */
  while (!memmem(c->head + c->at, c->end - c->at, "\r\n\r\n", 4))
    if (!fill(c)) return false;
  char *first = line(c);
  if (!first || sscanf(first, "%15s %8191s", r->method, r->target) != 2) return false;
  for (char *field; (field = line(c)) != NULL && *field;) {
    char *value = strchr(field, ':');
    if (!value) continue;
    *value++ = 0;
    value += strspn(value, " ");
    if (!strcasecmp(field, "content-length")) r->length = strtoull(value, NULL, 10);
    else if (!strcasecmp(field, "transfer-encoding")) r->chunked = strcasestr(value, "chunked") != NULL;
    else if (!strcasecmp(field, "expect")) r->expects = true;
    else if (!strcasecmp(field, "connection")) r->closes = strcasestr(value, "close") != NULL;
    else if (!strncasecmp(field, "x-amz-checksum-", 15) && strcasecmp(field + 15, "algorithm") && strcasecmp(field + 15, "type")) {
      snprintf(r->checksum_name, sizeof r->checksum_name, "%s", field + 15);
      snprintf(r->checksum, sizeof r->checksum, "%s", value);
    }
  }
  return true;
}

static bool answer(struct connection *c, const char *status, const char *headers, const char *body, bool head_only) {
  char text[8192];
  int length = snprintf(text, sizeof text, "HTTP/1.1 %s\r\n%sx-amz-request-id: sink\r\ncontent-length: %zu\r\n\r\n%s", status, headers, strlen(body), head_only ? "" : body);
  return length < (int)sizeof text && transmit(c, text, (size_t)length);
}

static bool stats(struct connection *c, bool reset) {
  if (reset) {
    connections = 0;
    requests = 0;
    parts = 0;
    bytes = 0;
    cpu_at_reset = cpu_seconds();
  }
  char text[256];
  snprintf(text, sizeof text, "{\"connections\":%llu,\"requests\":%llu,\"parts\":%llu,\"bytes\":%llu,\"cpuSeconds\":%.3f}", (unsigned long long)connections,
           (unsigned long long)requests, (unsigned long long)parts, (unsigned long long)bytes, cpu_seconds() - cpu_at_reset);
  return answer(c, "200 OK", "content-type: application/json\r\n", text, false);
}

/* The answer of S3 to what its clients ask during an upload; to anything else an empty list. */
static bool respond(struct connection *c, struct request *r) {
  char *query = strchr(r->target, '?');
  size_t path = query ? (size_t)(query - r->target) : strlen(r->target);
  bool is_object = memchr(r->target + 1, '/', path - 1) != NULL && r->target[path - 1] != '/';
  char headers[512], body[1024];

  if (!strcmp(r->method, "PUT")) {
    bool part = query && strcasestr(query, "partNumber=");
    object_add(r->target, path, r->length, part);
    if (part) parts++;
    int used = snprintf(headers, sizeof headers, "ETag: \"00000000000000000000000000000000-1\"\r\n");
    if (r->checksum[0]) snprintf(headers + used, sizeof headers - (size_t)used, "x-amz-checksum-%s: %s\r\n", r->checksum_name, r->checksum);
    return answer(c, "200 OK", headers, "", false);
  }
  if (!strcmp(r->method, "DELETE")) return answer(c, "204 No Content", "", "", false);
  if (!strcmp(r->method, "POST") && query && strcasestr(query, "uploadId=")) {
    char name[32] = "", element[256] = "";
    for (size_t i = 0; r->checksum_name[i]; i++) name[i] = (char)toupper(r->checksum_name[i]);
    if (r->checksum[0]) snprintf(element, sizeof element, "<Checksum%s>%s</Checksum%s><ChecksumType>FULL_OBJECT</ChecksumType>", name, r->checksum, name);
    snprintf(body, sizeof body, "<CompleteMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><ETag>&quot;00000000000000000000000000000000-1&quot;</ETag>%s</CompleteMultipartUploadResult>", element);
    return answer(c, "200 OK", "content-type: application/xml\r\n", body, false);
  }
  if (!strcmp(r->method, "POST")) {
    object_add(r->target, path, 0, false);
    return answer(c, "200 OK", "content-type: application/xml\r\n", "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>sink-upload</UploadId></InitiateMultipartUploadResult>", false);
  }
  if (is_object && !(query && strcasestr(query, "uploadId="))) {
    long long size = object_size(r->target, path);
    if (size < 0) return answer(c, "404 Not Found", "", "", true);
    int used = snprintf(body, sizeof body, "HTTP/1.1 200 OK\r\nETag: \"00000000000000000000000000000000-1\"\r\nLast-Modified: Wed, 01 Jan 2025 00:00:00 GMT\r\ncontent-length: %lld\r\n\r\n", size);
    r->closes = strcmp(r->method, "HEAD") != 0; /* the content is not there to be given */
    return transmit(c, body, (size_t)used);
  }
  return answer(c, "200 OK", "content-type: application/xml\r\n", "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>", !strcmp(r->method, "HEAD"));
}

static bool serve_one(struct connection *c, struct request *r) {
  if (!read_request(c, r)) return false;
  if (!strncmp(r->target, "/-/", 3)) return stats(c, !strcmp(r->target, "/-/reset"));
  requests++;
  if (!c->counted) connections++;
  c->counted = true;
  if (r->expects && !transmit(c, "HTTP/1.1 100 Continue\r\n\r\n", 25)) return false;
  if (r->chunked ? !discard_chunks(c, &r->length) : !discard(c, r->length)) return false;
  return respond(c, r) && !r->closes;
}

/* ── connections ──────────────────────────────────────────────────────────────────────────────────────────────── */

static void *serve(void *given) {
  struct connection *c = given;
  struct request r;
  bool good = true;
#ifdef WITH_TLS
  if (c->ssl) good = SSL_accept(c->ssl) == 1;
#endif
  while (good && serve_one(c, &r)) continue;
#ifdef WITH_TLS
  if (c->ssl) {
    SSL_shutdown(c->ssl);
    SSL_free(c->ssl);
  }
#endif
  close(c->fd);
  free(c);
  return NULL;
}

static void *accept_all(void *given) {
  struct listener *l = given;
  pthread_attr_t detached;
  pthread_attr_init(&detached);
  pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
  for (int fd; (fd = accept(l->fd, NULL, NULL)) >= 0 || 1;) {
    if (fd < 0) continue;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    struct connection *c = calloc(1, sizeof *c);
    c->fd = fd;
#ifdef WITH_TLS
    if (l->tls) {
      c->ssl = SSL_new(l->tls);
      SSL_set_fd(c->ssl, fd);
    }
#endif
    pthread_t thread;
    if (pthread_create(&thread, &detached, serve, c) != 0) {
      close(fd);
      free(c);
    }
  }
  return NULL;
}

static int listen_anywhere(int *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 512) != 0) exit(1);
  getsockname(fd, (struct sockaddr *)&address, &length);
  *port = ntohs(address.sin_port);
  return fd;
}

static SSL_CTX *tls_context(const char *certificate, const char *key) {
#ifdef WITH_TLS
  SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
  SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
  /* As S3 does: the server chooses, and it chooses AES-128-GCM. */
  SSL_CTX_set_options(tls, SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_ciphersuites(tls, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256");
  SSL_CTX_set_read_ahead(tls, 1);
  SSL_CTX_set_default_read_buffer_len(tls, SCRATCH);
  if (SSL_CTX_use_certificate_chain_file(tls, certificate) == 1 && SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) == 1) return tls;
#endif
  fprintf(stderr, "sink: cannot use %s and %s\n", certificate, key);
  exit(1);
}

int main(int argc, char **argv) {
  signal(SIGPIPE, SIG_IGN);
  int plain_port, tls_port = 0;
  static struct listener plain, secure;
  pthread_t thread;
  plain.fd = listen_anywhere(&plain_port);
  pthread_create(&thread, NULL, accept_all, &plain);
  if (argc == 3) {
    secure.tls = tls_context(argv[1], argv[2]);
    secure.fd = listen_anywhere(&tls_port);
    pthread_create(&thread, NULL, accept_all, &secure);
  }
  printf("%d %d\n", plain_port, tls_port);
  fflush(stdout);
  while (getchar() != EOF) continue;
  return 0;
}
