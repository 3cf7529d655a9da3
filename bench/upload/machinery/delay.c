/*
 * A line of a given length: every byte arrives so many milliseconds later, in both directions, and as many as one likes
 * may be under way. The handshake of TCP, which ends here, is made up for: a connection's first bytes wait for one
 * round trip more.
 *
 *   delay TARGET_PORT ONE_WAY_MILLISECONDS     prints its port; ends when its stdin does
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 64 * 1024 };

struct piece {
  struct piece *next;
  double due;
  ssize_t length; /* 0: the end */
  char bytes[PIECE];
};

/* One direction of a connection: a thread puts pieces in, another takes them out when they are due. */
struct direction {
  int from, to;
  double first_wait;
  struct piece *head, **tail;
  pthread_mutex_t lock;
  pthread_cond_t filled;
  struct pair *pair;
};

struct pair {
  struct direction there, back;
  int open; /* threads that still run */
  pthread_mutex_t lock;
};

static double one_way;
static int target_port;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + time.tv_nsec / 1e9;
}

static void wait_until(double due) {
  struct timespec time = {.tv_sec = (time_t)due, .tv_nsec = (long)((due - (double)(time_t)due) * 1e9)};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static void leave(struct pair *p) {
  pthread_mutex_lock(&p->lock);
  int last = --p->open == 0;
  pthread_mutex_unlock(&p->lock);
  if (!last) return;
  close(p->there.from);
  close(p->there.to);
  free(p);
}

static void *take_in(void *given) {
  struct direction *d = given;
  double not_before = now() + d->first_wait + one_way;
  for (ssize_t length = 1; length > 0;) {
    struct piece *piece = malloc(sizeof *piece);
    length = recv(d->from, piece->bytes, PIECE, 0);
    piece->length = length > 0 ? length : 0;
    piece->next = NULL;
    piece->due = now() + one_way;
    if (piece->due < not_before) piece->due = not_before;
    pthread_mutex_lock(&d->lock);
    *d->tail = piece;
    d->tail = &piece->next;
    pthread_cond_signal(&d->filled);
    pthread_mutex_unlock(&d->lock);
  }
  leave(d->pair);
  return NULL;
}

static struct piece *next_piece(struct direction *d) {
  pthread_mutex_lock(&d->lock);
  while (!d->head) pthread_cond_wait(&d->filled, &d->lock);
  struct piece *piece = d->head;
  d->head = piece->next;
  if (!d->head) d->tail = &d->head;
  pthread_mutex_unlock(&d->lock);
  return piece;
}

static void *let_out(void *given) {
  struct direction *d = given;
  int broken = 0;
  for (ssize_t length = 1; length > 0;) {
    struct piece *piece = next_piece(d);
    length = piece->length;
    wait_until(piece->due);
    for (ssize_t sent = 0; sent < length && !broken;) {
      ssize_t more = send(d->to, piece->bytes + sent, (size_t)(length - sent), MSG_NOSIGNAL);
      if (more <= 0) broken = 1;
      else sent += more;
    }
    free(piece);
  }
  shutdown(d->to, SHUT_WR);
  leave(d->pair);
  return NULL;
}

static void start(struct pair *p, struct direction *d, int from, int to, double first_wait) {
  *d = (struct direction){.from = from, .to = to, .first_wait = first_wait, .pair = p};
  d->tail = &d->head;
  pthread_mutex_init(&d->lock, NULL);
  pthread_cond_init(&d->filled, NULL);
  pthread_attr_t detached;
  pthread_attr_init(&detached);
  pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  pthread_create(&thread, &detached, take_in, d);
  pthread_create(&thread, &detached, let_out, d);
}

static struct sockaddr_in loopback(int port) {
  return (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
}

static void carry(int client) {
  struct sockaddr_in address = loopback(target_port);
  int server = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(server, (struct sockaddr *)&address, sizeof address) != 0) {
    close(server);
    close(client);
    return;
  }
  for (int *fd = (int[]){client, server, -1}; *fd >= 0; fd++) setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
  struct pair *p = calloc(1, sizeof *p);
  p->open = 4;
  pthread_mutex_init(&p->lock, NULL);
  start(p, &p->there, client, server, 2 * one_way);
  start(p, &p->back, server, client, 0);
}

static void *accept_all(void *given) {
  int listener = *(int *)given;
  for (;;) {
    int client = accept(listener, NULL, NULL);
    if (client >= 0) carry(client);
  }
  return NULL;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  signal(SIGPIPE, SIG_IGN);
  target_port = atoi(argv[1]);
  one_way = atof(argv[2]) / 1000;

  struct sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 512) != 0) return 1;
  getsockname(listener, (struct sockaddr *)&address, &length);
  pthread_t thread;
  pthread_create(&thread, NULL, accept_all, &listener);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  while (getchar() != EOF) continue;
  return 0;
}
