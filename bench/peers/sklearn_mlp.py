"""scikit-learn's MLPClassifier or MLPRegressor on splits that bench/scikit-learn.ts has drawn, which arrive as JSON on stdin.

{"kind": "labels" or "targets", "inputs": [[...]], "answers": [...], "tests": [[rows]], "hidden": [...], "epochs": n, "batchSize": n, "learningRate": x}
Prints what is measured on the test rows of each split, as JSON: accuracy, or RMSE and R2 in the target's own unit.
Inputs and targets are standardised by the training rows; no penalty, and no end before the last epoch.
"""
import json, sys, warnings
import numpy as np
from sklearn.metrics import r2_score, root_mean_squared_error
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings('ignore')
job = json.load(sys.stdin)
x, y = np.array(job['inputs']), np.array(job['answers'])
found = []
for seed, rows in enumerate(job['tests']):
    test = np.zeros(len(y), bool); test[rows] = True
    scaler = StandardScaler().fit(x[~test])
    Network = MLPClassifier if job['kind'] == 'labels' else MLPRegressor
    net = Network(hidden_layer_sizes=job['hidden'], alpha=0, batch_size=job['batchSize'], learning_rate_init=job['learningRate'],
                  max_iter=job['epochs'], tol=0, n_iter_no_change=10**6, random_state=seed)
    if job['kind'] == 'labels':
        found.append(dict(accuracy=net.fit(scaler.transform(x[~test]), y[~test]).score(scaler.transform(x[test]), y[test])))
    else:
        mean, spread = y[~test].mean(), y[~test].std()
        said = mean + spread * net.fit(scaler.transform(x[~test]), (y[~test] - mean) / spread).predict(scaler.transform(x[test]))
        found.append(dict(rmse=root_mean_squared_error(y[test], said), r2=r2_score(y[test], said)))
print(json.dumps(found))
