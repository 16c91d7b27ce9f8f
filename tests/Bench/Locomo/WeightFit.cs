namespace Actors.Bench;

/// <summary>
/// Fits the weights of the ranking: a softmax over the memories that a question brings up, of which those that answer it shall be
/// likely. Convex, so that Newton's method finds the one optimum.
/// </summary>
internal static class WeightFit
{
    private const int Steps = 30;

    // Holds weights of evidence that hardly occurs near 0.
    private const double Ridge = 1e-3;

    /// <param name="questions">By question, the evidence of each memory, and which memories answer it.</param>
    /// <param name="size">How many parts the evidence has.</param>
    /// <returns>Weights by the first one, which becomes 1.</returns>
    public static double[] Fit(IReadOnlyList<RankedQuestion> questions, int size)
    {
        var weights = new double[size];
        var usable = questions.Where(q => q.Answers.Length > 0).ToList();
        var loss = Loss(usable, weights);
        for (var step = 0; step < Steps; step++)
        {
            var change = NewtonStep(usable, weights);
            var next = Add(weights, change, 1);
            for (var share = 0.5; Loss(usable, next) > loss && share > 1e-6; share /= 2)
            {
                next = Add(weights, change, share);
            }

            var before = loss;
            (weights, loss) = (next, Loss(usable, next));
            if (before - loss < 1e-9 * before)
            {
                break;
            }
        }

        return [.. weights.Select(weight => weight / weights[0])];
    }

    /// <summary>
    /// Fits at which score a memory is as likely one that answers as one that does not, if there were as many of both, and how
    /// fast that changes: logistic regression (Platt, 1999), both kinds weighing the same.
    /// </summary>
    /// <returns>The middle of the scale, and its steepness there.</returns>
    public static (double Even, double Steepness) Calibrate(IReadOnlyCollection<(double Score, bool IsAnswer)> memories)
    {
        var answers = memories.Count(memory => memory.IsAnswer);
        var (a, b) = (1.0, -1.0);
        for (var step = 0; step < Steps; step++)
        {
            var gradient = new double[2];
            var curvature = new double[2, 2];
            foreach (var (score, isAnswer) in memories)
            {
                var weight = 0.5 / (isAnswer ? answers : memories.Count - answers);
                var p = 1 / (1 + Math.Exp(-((a * score) + b)));
                var (error, spread) = (weight * ((isAnswer ? 1 : 0) - p), weight * p * (1 - p));
                gradient[0] += error * score;
                gradient[1] += error;
                curvature[0, 0] += spread * score * score;
                curvature[0, 1] += spread * score;
                curvature[1, 0] += spread * score;
                curvature[1, 1] += spread;
            }

            var change = Solve(curvature, gradient);
            (a, b) = (a + change[0], b + change[1]);
        }

        return (-b / a, a);
    }

    private static double[] NewtonStep(List<RankedQuestion> questions, double[] weights)
    {
        var size = weights.Length;
        var gradient = new double[size];
        var curvature = new double[size, size];
        foreach (var question in questions)
        {
            Collect(question, weights, gradient, curvature);
        }

        for (var i = 0; i < size; i++)
        {
            gradient[i] -= 2 * Ridge * questions.Count * weights[i];
            curvature[i, i] += 2 * Ridge * questions.Count;
        }

        return Solve(curvature, gradient);
    }

    private static double Loss(List<RankedQuestion> questions, double[] weights)
    {
        var loss = Ridge * questions.Count * weights.Sum(weight => weight * weight);
        foreach (var question in questions)
        {
            var likelihoods = Likelihoods(question, weights);
            loss -= question.Answers.Average(answer => Math.Log(likelihoods[answer] + 1e-300));
        }

        return loss;
    }

    // Of the logarithm of the answers' likelihoods: the gradient, and minus the second derivatives.
    private static void Collect(RankedQuestion question, double[] weights, double[] gradient, double[,] curvature)
    {
        var size = weights.Length;
        var likelihoods = Likelihoods(question, weights);
        var mean = new double[size];
        for (var m = 0; m < likelihoods.Length; m++)
        {
            for (var i = 0; i < size; i++)
            {
                mean[i] += likelihoods[m] * question.Evidence[m][i];
            }
        }

        foreach (var answer in question.Answers)
        {
            for (var i = 0; i < size; i++)
            {
                gradient[i] += (question.Evidence[answer][i] - mean[i]) / question.Answers.Length;
            }
        }

        for (var m = 0; m < likelihoods.Length; m++)
        {
            for (var i = 0; i < size; i++)
            {
                var part = likelihoods[m] * (question.Evidence[m][i] - mean[i]);
                for (var j = 0; j < size; j++)
                {
                    curvature[i, j] += part * (question.Evidence[m][j] - mean[j]);
                }
            }
        }
    }

    private static double[] Likelihoods(RankedQuestion question, double[] weights)
    {
        var likelihoods = new double[question.Evidence.Length];
        for (var m = 0; m < likelihoods.Length; m++)
        {
            for (var i = 0; i < weights.Length; i++)
            {
                likelihoods[m] += question.Evidence[m][i] * weights[i];
            }
        }

        var (best, sum) = (likelihoods.Max(), 0.0);
        for (var m = 0; m < likelihoods.Length; m++)
        {
            sum += likelihoods[m] = Math.Exp(likelihoods[m] - best);
        }

        for (var m = 0; m < likelihoods.Length; m++)
        {
            likelihoods[m] /= sum;
        }

        return likelihoods;
    }

    private static double[] Add(double[] weights, double[] change, double share) =>
        [.. weights.Zip(change, (weight, step) => weight + (share * step))];

    // Gaussian elimination; the matrix is symmetric and positive definite.
    private static double[] Solve(double[,] matrix, double[] right)
    {
        var size = right.Length;
        var (a, x) = ((double[,])matrix.Clone(), (double[])right.Clone());
        for (var i = 0; i < size; i++)
        {
            for (var row = i + 1; row < size; row++)
            {
                var factor = a[row, i] / a[i, i];
                for (var column = i; column < size; column++)
                {
                    a[row, column] -= factor * a[i, column];
                }

                x[row] -= factor * x[i];
            }
        }

        for (var i = size - 1; i >= 0; i--)
        {
            for (var column = i + 1; column < size; column++)
            {
                x[i] -= a[i, column] * x[column];
            }

            x[i] /= a[i, i];
        }

        return x;
    }
}

/// <summary>What speaks for each memory that a question brings up.</summary>
/// <param name="Question">The question.</param>
/// <param name="Memories">Ids of the memories.</param>
/// <param name="Evidence">By memory, the parts of its evidence.</param>
/// <param name="Answers">Which of the memories answer the question.</param>
internal sealed record RankedQuestion(LocomoQuestion Question, string[] Memories, double[][] Evidence, int[] Answers);
