"""A network of 784-128-10 trained by Adam in PyTorch, for a side-by-side timing with bench/adam.ts.

The whole data set is a tensor in memory (no DataLoader), one thread, the fused or the for-each Adam, whichever is faster here:
the fastest plain form. Prints CPU seconds an epoch, each with its measurement of training and validation rows.
Usage: python3 torch_adam.py MNIST_DIR EPOCHS
"""
import os, sys, time
os.environ.setdefault('OPENBLAS_NUM_THREADS', '1'); os.environ.setdefault('OMP_NUM_THREADS', '1')
import numpy as np, torch

def epoch_seconds(folder, epochs, fused):
    torch.set_num_threads(1); torch.manual_seed(0)
    x = np.fromfile(folder + '/train-images-idx3-ubyte', dtype=np.uint8, offset=16).reshape(-1, 784)
    y = torch.from_numpy(np.fromfile(folder + '/train-labels-idx1-ubyte', dtype=np.uint8, offset=8).astype(np.int64))
    split = lambda a, b: (torch.from_numpy(x[a:b].astype(np.float32) / 255), y[a:b])
    train, validation = split(0, 10000), split(50000, 60000)
    model = torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001, **({'fused': True} if fused else {'foreach': True}))
    loss = torch.nn.functional.cross_entropy
    start = time.process_time()
    for _ in range(epochs):
        order = torch.randperm(10000)
        for i in range(0, 10000, 128):
            k = order[i:i + 128]
            optimizer.zero_grad(set_to_none=True); loss(model(train[0][k]), train[1][k]).backward(); optimizer.step()
        with torch.no_grad():
            for part in (train, validation):
                logits = model(part[0]); loss(logits, part[1]).item(); accuracy = (logits.argmax(1) == part[1]).float().mean().item()
    return (time.process_time() - start) / epochs, accuracy

if __name__ == '__main__':
    seconds, accuracy = min(epoch_seconds(sys.argv[1], int(sys.argv[2]), fused) for fused in (True, False))
    print('%.5f %.4f' % (seconds, accuracy))
