using Actors.Embeddings;
using Actors.Sessions.Recall;

namespace Actors.Grains.Tests.Sessions.Recall;

public class VectorColumnTests
{
    private readonly Random _random = new(20);

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(256)]
    [InlineData(1_000)]
    [InlineData(1_536)]
    public void cosines_are_those_of_the_floats_but_for_rounding(int dimensions)
    {
        var column = new VectorColumn(dimensions);
        var vectors = Enumerable.Range(0, 100).Select(_ => Vector(dimensions)).ToArray();
        for (var ordinal = 0; ordinal < vectors.Length; ordinal++)
        {
            Put(column, ordinal, vectors[ordinal]);
        }

        var question = Vector(dimensions);
        var cosines = new float[vectors.Length];
        column.Cosines(QuantizedVector.Of(question)!, cosines);

        for (var ordinal = 0; ordinal < vectors.Length; ordinal++)
        {
            Assert.Equal(Cosine(question, vectors[ordinal]), cosines[ordinal], 0.01);
        }
    }

    [Fact]
    public void every_way_to_multiply_gives_the_same_integer()
    {
        for (var length = 0; length < 200; length++)
        {
            var (left, right) = (Extremes(length), Extremes(length));
            var expected = 0;
            for (var i = 0; i < length; i++)
            {
                expected += left[i] * right[i];
            }

            var portable = 0;
            for (var done = Int8Dot.PortableSum(left, right, ref portable); done < length; done++)
            {
                portable += left[done] * right[done];
            }

            Assert.Equal((expected, expected), (Int8Dot.Of(left, right), portable));
        }
    }

    [Fact]
    public void the_longest_vectors_do_not_overflow()
    {
        var vector = QuantizedVector.Of(Enumerable.Repeat(1f, QuantizedVector.MaxDimensions).ToArray())!;
        var column = new VectorColumn(QuantizedVector.MaxDimensions);
        column.Put(0, vector.Values, vector.Scale);

        Assert.Equal([1f], Cosines(column, vector, 0));
    }

    [Fact]
    public void an_ordinal_without_a_vector_has_a_cosine_of_zero()
    {
        var vector = QuantizedVector.Of([1, 2, 3])!;
        var column = new VectorColumn(3);
        column.Put(2, vector.Values, vector.Scale);
        column.Put(5, vector.Values, vector.Scale);

        Assert.True(column.Remove(5));
        Assert.False(column.Remove(5));
        Assert.False(column.Remove(99));

        var cosines = new float[8];
        column.Cosines(vector, cosines);
        Assert.Equal([0, 0, 1, 0, 0, 0, 0, 0], cosines.Select(c => MathF.Round(c, 5)));
        Assert.Equal([0, 1, 0], Cosines(column, vector, 5, 2, 1_000).Select(c => MathF.Round(c, 5)));
        Assert.Equal(1, column.Count);
    }

    [Fact]
    public void a_new_vector_takes_the_place_of_the_old_and_the_room_of_a_removed_one()
    {
        var column = new VectorColumn(64);
        for (var ordinal = 0; ordinal < 64; ordinal++)
        {
            Put(column, ordinal, Vector(64));
        }

        var bytes = column.Bytes;
        for (var ordinal = 0; ordinal < 64; ordinal++)
        {
            column.Remove(ordinal);
        }

        var replaced = Vector(64);
        for (var ordinal = 0; ordinal < 64; ordinal++)
        {
            Put(column, ordinal, Vector(64));
            Put(column, ordinal, replaced);
        }

        Assert.Equal(64, column.Count);
        Assert.Equal(bytes, column.Bytes);
        Assert.All(Cosines(column, QuantizedVector.Of(replaced)!, [.. Enumerable.Range(0, 64)]), cosine => Assert.Equal(1, cosine, 0.001));
    }

    [Fact]
    public void vectors_follow_their_memories_to_new_ordinals()
    {
        var column = new VectorColumn(8);
        var vectors = Enumerable.Range(0, 40).Select(_ => Vector(8)).ToArray();
        foreach (var (ordinal, vector) in vectors.Index())
        {
            Put(column, ordinal, vector);
        }

        // Odd ones go, one beyond the list's end too, the others close the gaps.
        column.Renumber([.. Enumerable.Range(0, 39).Select(o => o % 2 == 0 ? o / 2 : -1)]);

        Assert.Equal(20, column.Count);
        for (var ordinal = 0; ordinal < 20; ordinal++)
        {
            Assert.Equal(1, Cosines(column, QuantizedVector.Of(vectors[2 * ordinal])!, ordinal)[0], 0.001);
        }

        Assert.Null(column.Find(20));
    }

    [Fact]
    public void memory_is_a_byte_per_dimension_and_little_besides()
    {
        var column = new VectorColumn(512);
        for (var ordinal = 0; ordinal < 10_000; ordinal++)
        {
            Put(column, ordinal, Vector(512));
        }

        Assert.InRange(column.Bytes, 10_000 * 512, 10_000 * 550);
    }

    [Fact]
    public void another_number_of_dimensions_is_refused()
    {
        var column = new VectorColumn(3);

        Assert.Throws<ArgumentException>(() => Put(column, 0, [1, 2]));
        Assert.Throws<ArgumentException>(() => Cosines(column, QuantizedVector.Of([1, 2])!, 0));
    }

    [Fact]
    public void what_has_no_direction_is_no_vector()
    {
        Assert.Null(QuantizedVector.Of([0, 0]));
        Assert.Null(QuantizedVector.Of([1, float.NaN]));
        Assert.Null(QuantizedVector.Of([1, float.PositiveInfinity]));
        Assert.Equal([127, -127], QuantizedVector.Of([float.Epsilon, -float.Epsilon])!.Values.ToArray());
        Assert.Equal([127, 0], QuantizedVector.Of([float.MaxValue, 1])!.Values.ToArray());
    }

    private static float[] Cosines(VectorColumn column, QuantizedVector question, params int[] ordinals)
    {
        var all = new float[1 + ordinals.Max()];
        column.Cosines(question, all);
        return Array.ConvertAll(ordinals, ordinal => all[ordinal]);
    }

    private static void Put(VectorColumn column, int ordinal, float[] vector)
    {
        var quantized = QuantizedVector.Of(vector)!;
        column.Put(ordinal, quantized.Values, quantized.Scale);
    }

    private static double Cosine(float[] left, float[] right) =>
        left.Zip(right, (l, r) => (double)l * r).Sum() / Math.Sqrt(left.Sum(l => (double)l * l) * right.Sum(r => (double)r * r));

    private float[] Vector(int dimensions) => [.. Enumerable.Range(0, dimensions).Select(_ => (float)((_random.NextDouble() * 2) - 1))];

    private sbyte[] Extremes(int length) => [.. Enumerable.Range(0, length).Select(_ => (sbyte)(_random.Next(2) == 0 ? -127 : 127 - _random.Next(3)))];
}
