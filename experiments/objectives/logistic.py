"""Logistic regression of iris virginica against the others, trained by stochastic gradient descent.

Parameters come as --name=value; after each epoch a line of JSON goes to stdout. coresweep ends the program where it is pruned.
"""

import argparse
import csv
import json
import math
import pathlib
import random

parser = argparse.ArgumentParser()
parser.add_argument("--learning_rate", type=float, required=True)
parser.add_argument("--momentum", type=float, required=True)
parser.add_argument("--decay", type=float, required=True)
parser.add_argument("--epochs", type=int, default=30)
given = parser.parse_args()

path = pathlib.Path(__file__).parent.parent / "data" / "iris.csv"
with open(path, newline="") as file:
    table = [
        ([float(row[name]) for name in row if name != "species"], row["species"] == "virginica")
        for row in csv.DictReader(file)
    ]
chance = random.Random(1)
chance.shuffle(table)
training, validation = table[:100], table[100:]


def output(weights, inputs):
    total = weights[-1] + sum(w * x for w, x in zip(weights, inputs))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


weights = [0.0] * 5
velocity = [0.0] * 5
for epoch in range(1, given.epochs + 1):
    chance.shuffle(training)
    for inputs, label in training:
        fault = output(weights, inputs) - label
        for i, x in enumerate([*inputs, 1.0]):
            velocity[i] = given.momentum * velocity[i] - given.learning_rate * (fault * x + given.decay * weights[i])
            weights[i] += velocity[i]
    outputs = [(output(weights, inputs), label) for inputs, label in validation]
    loss = -sum(math.log(p if label else 1 - p) for p, label in outputs) / len(outputs)
    accuracy = sum((p > 0.5) == label for p, label in outputs) / len(outputs)
    print(json.dumps({"step": epoch, "loss": loss, "accuracy": accuracy}), flush=True)
