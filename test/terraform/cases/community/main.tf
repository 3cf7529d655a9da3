# Written as the community's modules are: count, try, coalesce, locals, a bucket of another kind beside it, policies combined.
module "uploads" {
  source        = "./modules/s3"
  bucket_prefix = "acme-community-"
}

module "off" {
  source        = "./modules/s3"
  create_bucket = false
}
