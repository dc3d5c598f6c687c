"""The wiring of a crawl: which component stands where. Nothing else."""

from crawler.folders import data_folder

BOT_NAME = "dossier"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# Ours; docs/operating.md describes each.
DOSSIER_DATA = str(data_folder())
DOSSIER_TOPIC = ""
DOSSIER_PORTS = [80, 443]
DOSSIER_CHANNELS = ["feeds", "sitemaps"]
DOSSIER_MAX_PAGES = 5_000
DOSSIER_MAX_PAGES_PER_HOST = 200
DOSSIER_RECHECK = False
DOSSIER_ALLOW_PRIVATE: list[str] = []
DOSSIER_CONTACT = "https://example.org/contact-not-set"
DOSSIER_EXTRACT_WORKERS = 0
DOSSIER_EXTRACT_DEADLINE = 20.0
DOSSIER_EXTRACT_MEMORY_MB = 1_024
DOSSIER_EXTRACT_RECYCLE = 500
DOSSIER_DEADLINE = 60.0
DOSSIER_ROBOTS_DEADLINE = 20.0
DOSSIER_STORE_PATIENCE = 30.0
DOSSIER_STOP_GRACE = 8.0
DOSSIER_WARC_LEVEL = 6
DOSSIER_WARC_ROTATE = 1_000_000_000
DOSSIER_PROGRESS = False

# The journey of a capture.
ITEM_PIPELINES = {
    "pipelines.stages.admit.AdmitPipeline": 100,
    "pipelines.stages.extract.ExtractPipeline": 200,
    "pipelines.stages.identify.IdentifyPipeline": 300,
    "pipelines.stages.judge.JudgePipeline": 400,
    "pipelines.stages.group.GroupPipeline": 500,
    "pipelines.stages.preserve.PreservePipeline": 600,
    "pipelines.stages.store.StorePipeline": 700,
}
EXTENSIONS = {
    "crawler.extensions.lock.LockExtension": 1,
    "crawler.extensions.outcomes.OutcomesExtension": 100,
    "crawler.extensions.stop.StopExtension": 200,
    "crawler.extensions.progress.ProgressExtension": 300,
}
