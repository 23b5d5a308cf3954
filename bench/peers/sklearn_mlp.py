"""scikit-learn's MLPClassifier on splits that bench/scikit-learn.ts has drawn, which arrive as JSON on stdin.

{"inputs": [[...]], "labels": [...], "tests": [[rows]], "hidden": [...], "epochs": n, "batchSize": n, "learningRate": x}
Prints the accuracy on the test rows of each split, as JSON.
"""
import json, sys, warnings
import numpy as np
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings('ignore')
job = json.load(sys.stdin)
x, y = np.array(job['inputs']), np.array(job['labels'])
found = []
for seed, rows in enumerate(job['tests']):
    test = np.zeros(len(y), bool); test[rows] = True
    scaler = StandardScaler().fit(x[~test])
    net = MLPClassifier(job['hidden'], alpha=0, batch_size=job['batchSize'], learning_rate_init=job['learningRate'],
                        max_iter=job['epochs'], tol=0, n_iter_no_change=10**6, random_state=seed)
    found.append(net.fit(scaler.transform(x[~test]), y[~test]).score(scaler.transform(x[test]), y[test]))
print(json.dumps(found))
