using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Actors.Embeddings;

/// <summary>
/// A vector in signed bytes, a quarter of its size as floats. Its direction is what counts: <see cref="Scale"/> times the bytes is a
/// vector of length 1, so the cosine of two is the dot product of their bytes times both scales.
/// </summary>
internal sealed class QuantizedVector
{
    /// <summary>Most dimensions; the widest models in use have 4,096.</summary>
    public const int MaxDimensions = 8_192;

    private const int Largest = sbyte.MaxValue;

    private readonly sbyte[] _values;

    private readonly Guid? _contentHash;

    private QuantizedVector(sbyte[] values, float scale, Guid? contentHash = null) => (_values, Scale, _contentHash) = (values, scale, contentHash);

    public ReadOnlySpan<sbyte> Values => _values;

    public float Scale { get; }

    public int Dimensions => _values.Length;

    /// <summary>Rounds so that the largest component becomes ±127.</summary>
    /// <returns>Null when the vector has no direction: a component is not finite, or all are 0.</returns>
    public static QuantizedVector? Of(ReadOnlySpan<float> vector)
    {
        var largest = 0f;
        foreach (var component in vector)
        {
            if (!float.IsFinite(component))
            {
                return null;
            }

            largest = Math.Max(largest, Math.Abs(component));
        }

        if (largest == 0)
        {
            return null;
        }

        var values = new sbyte[vector.Length];
        var squares = 0L;
        for (var i = 0; i < values.Length; i++)
        {
            // Divided first: the largest component may be so small that its inverse is infinite.
            values[i] = (sbyte)MathF.Round(vector[i] / largest * Largest);
            squares += values[i] * values[i];
        }

        return new QuantizedVector(values, (float)(1 / Math.Sqrt(squares)));
    }

    /// <summary>A vector as it is stored.</summary>
    /// <param name="values">Its bytes.</param>
    /// <param name="scale">See <see cref="Scale"/>.</param>
    /// <param name="contentHash">Of the content it was made of, as <c>embeddings</c> has it; null: that is known otherwise.</param>
    public static QuantizedVector Stored(ReadOnlySpan<sbyte> values, float scale, Guid? contentHash = null) => new(values.ToArray(), scale, contentHash);

    /// <summary>Whether it was made of this content, as far as is known: a memory may have been edited while its vector was on the way.</summary>
#pragma warning disable CA5351 // Compared with md5() of Postgres, and nobody gains by two contents of one hash.
    public bool IsOf(string content) => _contentHash is null || new Guid(MD5.HashData(Encoding.UTF8.GetBytes(content)), bigEndian: true) == _contentHash;
#pragma warning restore CA5351

    public byte[] ToBytes() => MemoryMarshal.AsBytes(_values.AsSpan()).ToArray();
}
