using SkiaSharp;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;

namespace Son1kVers3.Profile.Avatars;

/// <summary>Makes a member's picture out of whatever was uploaded: square, in two sizes, as WebP of our own encoding.</summary>
/// <remarks>
/// Nothing of the uploaded file is served: what else it carried (a place, a script, another file behind its end) is gone with the decoding. The type is what
/// the bytes are, not what the upload says. A picture's size is read from its header before a pixel is decoded, so that a small file can't unpack to gigabytes.
/// </remarks>
internal static class AvatarImage
{
    public const int Large = 512;
    public const int Small = 96;

    private const int WebpQuality = 85;
    private const int LongestSide = 10_000;
    private const long MostPixels = 30_000_000;

    // Two at once at most: each may take 120 MB while it is decoded.
    private static readonly SemaphoreSlim Turns = new(2);

    /// <summary>Both sizes. 415 <c>unsupported-image</c> for what is no JPEG, PNG, WebP, GIF or BMP; 400 for one that is broken or has too many pixels.</summary>
    public static async Task<(byte[] Large, byte[] Small)> EncodeAsync(byte[] upload, CancellationToken cancellationToken)
    {
        await Turns.WaitAsync(cancellationToken);
        try
        {
            return Encode(upload);
        }
        finally
        {
            Turns.Release();
        }
    }

    private static (byte[] Large, byte[] Small) Encode(byte[] upload)
    {
        using var data = SKData.CreateCopy(upload);
        using var codec = SKCodec.Create(data) ?? throw Problem.Of(415, "unsupported-image", "Send a JPEG, PNG, WebP, GIF or BMP picture.");
        var info = codec.Info;
        if (info.Width < 1 || info.Height < 1 || Math.Max(info.Width, info.Height) > LongestSide || (long)info.Width * info.Height > MostPixels)
            throw Problem.Invalid("avatar", $"At most {MostPixels / 1_000_000} million pixels, {LongestSide} on a side.", new(FieldReasons.PictureTooLarge, Max: LongestSide));
        using var bitmap = new SKBitmap(new SKImageInfo(info.Width, info.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        // Incomplete is a file that was cut off: its owner should see that now, not on the profile.
        if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) != SKCodecResult.Success)
            throw Problem.Invalid("avatar", "This picture is broken or incomplete.", new(FieldReasons.PictureBroken));
        using var image = SKImage.FromBitmap(bitmap);
        return (Square(image, codec.EncodedOrigin, Large), Square(image, codec.EncodedOrigin, Small));
    }

    /// <summary>The middle of the picture, upright as its EXIF says, at <paramref name="side"/> pixels.</summary>
    private static byte[] Square(SKImage image, SKEncodedOrigin origin, int side)
    {
        using var surface = SKSurface.Create(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Premul));
        var canvas = surface.Canvas;
        canvas.Clear(SKColors.Transparent);
        canvas.Translate(side / 2f, side / 2f);
        canvas.Concat(Upright(origin));
        var scale = (float)side / Math.Min(image.Width, image.Height);
        canvas.Scale(scale);
        canvas.DrawImage(image, -image.Width / 2f, -image.Height / 2f, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var square = surface.Snapshot();
        using var webp = square.Encode(SKEncodedImageFormat.Webp, WebpQuality);
        return webp.ToArray();
    }

    // The eight orientations of EXIF about the middle; of a square only turning and mirroring is left.
    private static SKMatrix Upright(SKEncodedOrigin origin) => origin switch
    {
        SKEncodedOrigin.TopRight => SKMatrix.CreateScale(-1, 1),
        SKEncodedOrigin.BottomRight => SKMatrix.CreateRotationDegrees(180),
        SKEncodedOrigin.BottomLeft => SKMatrix.CreateScale(1, -1),
        SKEncodedOrigin.LeftTop => SKMatrix.CreateRotationDegrees(90).PreConcat(SKMatrix.CreateScale(1, -1)),
        SKEncodedOrigin.RightTop => SKMatrix.CreateRotationDegrees(90),
        SKEncodedOrigin.RightBottom => SKMatrix.CreateRotationDegrees(-90).PreConcat(SKMatrix.CreateScale(1, -1)),
        SKEncodedOrigin.LeftBottom => SKMatrix.CreateRotationDegrees(-90),
        _ => SKMatrix.Identity,
    };
}
