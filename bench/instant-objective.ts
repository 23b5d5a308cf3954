/** An objective that returns at once; bench/peers/optuna_instant.py has the same. */
export const objective = ({ params }: { params: { x: number } }): { loss: number } => ({
  loss: (params.x - 0.3) ** 2,
});
