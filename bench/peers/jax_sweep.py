"""The paper's phase 1 in JAX: the same work as `npm run sweep`, for a side-by-side timing.

A trial of 100 epochs is one compiled scan, and the three learning rates of a batch size train side by side (vmap).
One process a core, one thread a process; the batch sizes are shared out among them.
Usage: python3 jax_sweep.py MNIST_DIR [processes]
"""
import os, sys, time
# Threads within a process only get in each other's way here: matrices are small, and there is a process for each core.
os.environ['XLA_FLAGS'] = '--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1'
os.environ['JAX_PLATFORMS'] = 'cpu'
import numpy as np

EPOCHS, ROWS = 100, 3000
RATES, BATCHES = (1e-4, 1e-3, 1e-2), (128, 256, 384)

def sweep(job):
    import jax
    import jax.numpy as jnp
    folder, batch = job
    pixels = np.fromfile(folder + '/train-images-idx3-ubyte', dtype=np.uint8, offset=16).reshape(-1, 784)
    labels = np.fromfile(folder + '/train-labels-idx1-ubyte', dtype=np.uint8, offset=8).astype(np.int32)
    def rows(a, b):
        y = jnp.asarray(labels[a:b])
        return jnp.asarray(pixels[a:b].astype(np.float32) / 255), jax.nn.one_hot(y, 10), y
    train, validation = rows(0, ROWS), rows(50000, 60000)

    def logits(weights, x):
        (w1, b1), (w2, b2) = weights
        return jax.nn.sigmoid(x @ w1 + b1) @ w2 + b2
    # Binary cross-entropy of sigmoids, from logits, summed over outputs and rows.
    def cross_entropy(a, t):
        return jnp.sum(jnp.maximum(a, 0) - a * t + jnp.log1p(jnp.exp(-jnp.abs(a))))
    gradient = jax.grad(lambda weights, x, t: cross_entropy(logits(weights, x), t))
    def measured(weights, part):
        x, t, y = part
        a = logits(weights, x)
        return cross_entropy(a, t) / len(x), jnp.mean(jnp.argmax(a, 1) == y)

    def trial(rate, weights, key):
        def step(weights, picked):
            slope = gradient(weights, train[0][picked], train[1][picked])
            return jax.tree.map(lambda w, s: w - rate * s, weights, slope), None
        def epoch(weights, key):
            order = jax.random.permutation(key, ROWS)
            whole = ROWS // batch * batch
            weights, _ = jax.lax.scan(step, weights, order[:whole].reshape(-1, batch))
            if whole < ROWS: weights, _ = step(weights, order[whole:])
            return weights, (measured(weights, train), measured(weights, validation))
        _, (_, (_, accuracy)) = jax.lax.scan(epoch, weights, jax.random.split(key, EPOCHS))
        return accuracy[-1], accuracy.max()

    first, second, order = jax.random.split(jax.random.key(0), 3)
    def layer(key, inputs, units):
        limit = (6 / (inputs + units)) ** .5
        return jax.random.uniform(key, (inputs, units), jnp.float32, -limit, limit), jnp.zeros(units)
    start = (layer(first, 784, 20), layer(second, 20, 10))
    last, best = jax.jit(jax.vmap(trial, in_axes=(0, None, None)))(jnp.array(RATES), start, order)
    return [(rate, batch, float(a), float(b)) for rate, a, b in zip(RATES, last, best)]

if __name__ == '__main__':
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else os.cpu_count()
    began = time.time()
    # XLA has threads of its own, which a fork would lose.
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context('spawn')) as pool:
        for rows in pool.map(sweep, [(sys.argv[1], batch) for batch in BATCHES]):
            for row in rows: print('lr %g batch %d validation %.4f best %.4f' % row)
    print('jax sweep %.2f s on %d processes' % (time.time() - began, processes))
